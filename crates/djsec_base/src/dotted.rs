//! Names of several parts.

/// The last part of a dotted name: `Order` of `shop.models.Order`; all of a name without a dot.
///
/// Asked a million times in a run. Last parts are short, so looking at byte after byte from the end is several
/// times as fast as a search that is made for long texts.
pub fn last_part(dotted: &str) -> &str {
    let dot = dotted.bytes().rposition(|byte| byte == b'.');
    dot.map_or(dotted, |dot| dotted.get(dot + 1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::last_part;

    #[test]
    fn what_stands_after_the_last_dot_is_the_last_part() {
        assert_eq!(last_part("shop.models.Order"), "Order");
        assert_eq!(last_part("Order"), "Order");
        assert_eq!(last_part("shop.größe"), "größe");
        assert_eq!(last_part("shop."), "");
        assert_eq!(last_part(""), "");
    }
}
