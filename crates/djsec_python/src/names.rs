//! Lists of short texts.

/// Many short texts in one: two allocations a module, however many names.
#[derive(Debug, Default, Clone)]
pub(crate) struct Names {
    text: String,
    ends: Vec<u32>,
}

impl Names {
    /// Makes room for this many more.
    pub(crate) fn reserve(&mut self, names: usize) {
        self.text.reserve(names * 8);
        self.ends.reserve(names);
    }

    /// Adds a name and gives its position.
    pub(crate) fn add(&mut self, name: &str) -> u32 {
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        u32::try_from(self.ends.len() - 1).unwrap_or(u32::MAX)
    }

    /// Gives back what growing has left over.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// The name at a position; empty for an unknown one.
    pub(crate) fn at(&self, position: u32) -> &str {
        let position = position as usize;
        let before = position.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.copied().unwrap_or(0) as usize;
        let end = self.ends.get(position).copied().unwrap_or(0) as usize;
        self.text.get(start..end).unwrap_or_default()
    }

    /// The first position of a name.
    pub(crate) fn position(&self, name: &str) -> Option<u32> {
        let mut start = 0;
        let ends = self.ends.iter().map(|end| *end as usize);
        let at = ends.map(|end| std::mem::replace(&mut start, end)..end).position(|range| {
            // Lengths differ nearly always, and cost no look at the text.
            range.len() == name.len() && self.text.get(range) == Some(name)
        })?;
        u32::try_from(at).ok()
    }

    /// All of them, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0_u32..).take(self.ends.len()).map(|position| self.at(position))
    }
}
