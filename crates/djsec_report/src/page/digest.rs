//! Whether the policy of a page names what the page holds.

/// Fails unless the policy of a page lets in this style and this script, and they are in it as they are.
pub(crate) fn assert_named(page: &str, style: &str, script: &str) {
    for (kind, text) in [("style", style), ("script", script)] {
        let digest = base64(&sha256(text.as_bytes()));
        assert!(page.contains(&format!("{kind}-src 'sha256-{digest}'")), "{kind}: {digest}");
        assert!(page.contains(&format!("<{kind}>{text}</{kind}>")));
    }
}

/// SHA-256 (FIPS 180-4), so that no crate is needed for one test.
fn sha256(message: &[u8]) -> Vec<u8> {
    let primes = (2_u64..).filter(|n| (2..*n).all(|d| n % d != 0));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as defined")]
    let bits = |root: f64| (root.fract() * 4_294_967_296.0) as u32;
    #[expect(clippy::cast_precision_loss, reason = "small primes")]
    let mut state: Vec<u32> = primes.clone().take(8).map(|p| bits((p as f64).sqrt())).collect();
    #[expect(clippy::cast_precision_loss, reason = "small primes")]
    let keys: Vec<u32> = primes.take(64).map(|p| bits((p as f64).cbrt())).collect();
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks(64) {
        let mut w: Vec<u32> =
            block.chunks(4).map(|b| u32::from_be_bytes(b.try_into().unwrap())).collect();
        for i in 16..64 {
            let (a, b) = (w[i - 15], w[i - 2]);
            let s0 = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
            let s1 = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
            w.push(w[i - 16].wrapping_add(s0).wrapping_add(w[i - 7]).wrapping_add(s1));
        }
        let mut v = state.clone();
        for i in 0..64 {
            let s1 = v[4].rotate_right(6) ^ v[4].rotate_right(11) ^ v[4].rotate_right(25);
            let choice = (v[4] & v[5]) ^ (!v[4] & v[6]);
            let t1 = v[7].wrapping_add(s1).wrapping_add(choice);
            let t1 = t1.wrapping_add(keys[i]).wrapping_add(w[i]);
            let s0 = v[0].rotate_right(2) ^ v[0].rotate_right(13) ^ v[0].rotate_right(22);
            let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
            v.rotate_right(1);
            v[4] = v[4].wrapping_add(t1);
            v[0] = t1.wrapping_add(s0).wrapping_add(majority);
        }
        state.iter_mut().zip(v).for_each(|(state, v)| *state = state.wrapping_add(v));
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let mut word = 0;
        for at in 0..3 {
            word = word << 8 | u32::from(chunk.get(at).copied().unwrap_or(0));
        }
        for at in 0..4 {
            let digit = DIGITS[(word >> (18 - 6 * at) & 63) as usize];
            out.push(if at > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    out
}
