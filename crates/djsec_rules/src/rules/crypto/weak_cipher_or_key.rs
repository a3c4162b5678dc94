use djsec_base::Confidence;
use djsec_python::code::{Expr, ExprId};

use crate::calls::{Called, written};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds encryption with broken ciphers (DES, 3DES, RC2, RC4, Blowfish, IDEA, CAST, SEED), in ECB mode, with
    /// an initialization vector or nonce that stands in the code, and new keys that are too short or on a curve
    /// that is.
    ///
    /// ## Why it matters
    /// Such data can be read, or partly guessed, by who has enough of it: equal blocks look equal in ECB
    /// mode, equal beginnings do with a fixed vector, and with a fixed nonce two messages give away both.
    ///
    /// ## Flagged
    /// ```python vault.py
    /// from Crypto.Cipher import AES
    ///
    ///
    /// def seal(key, data):
    ///     return AES.new(key, AES.MODE_ECB).encrypt(data)  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python vault.py
    /// from cryptography.fernet import Fernet
    ///
    ///
    /// def seal(key, data):
    ///     return Fernet(key).encrypt(data)
    /// ```
    ///
    /// ## How to fix
    /// Use `Fernet` of the package `cryptography`, or `AESGCM` with a new nonce for each message. New RSA keys
    /// have 3072 bits, at least 2048; curves have 256.
    ///
    /// ## Limits
    /// Code that only decrypts reads what others have written. Some protocols, of payments above all,
    /// demand an old cipher; where names say so, confidence is low.
    ///
    /// ## References
    /// - [cryptography: Fernet](https://cryptography.io/en/latest/fernet/)
    /// - [OWASP: cryptographic storage](https://cheatsheetseries.owasp.org/cheatsheets/Cryptographic_Storage_Cheat_Sheet.html)
    RULE {
        id: "weak-cipher-or-key",
        group: "crypto",
        summary: "data is encrypted in a way that can be broken",
        severity: High,
        cwe: [327, 326],
        owasp: ["2025:A04"],
        asvs: ["5.0:11.3.1", "5.0:11.3.2", "5.0:11.3.4"],
        checklist: ["crypto-sound"],
        since: "next",
        checks: [
            Check::Project(ciphers),
            Check::Project(modes),
            Check::Project(nonces),
            Check::Project(keys),
        ],
    }
}

const CIPHERS: &[&str] = &[
    "Crypto.Cipher.ARC2.new",
    "Crypto.Cipher.ARC4.new",
    "Crypto.Cipher.Blowfish.new",
    "Crypto.Cipher.CAST.new",
    "Crypto.Cipher.DES.new",
    "Crypto.Cipher.DES3.new",
    "Cryptodome.Cipher.ARC2.new",
    "Cryptodome.Cipher.ARC4.new",
    "Cryptodome.Cipher.Blowfish.new",
    "Cryptodome.Cipher.CAST.new",
    "Cryptodome.Cipher.DES.new",
    "Cryptodome.Cipher.DES3.new",
    "cryptography.hazmat.decrepit.ciphers.algorithms.ARC4",
    "cryptography.hazmat.decrepit.ciphers.algorithms.Blowfish",
    "cryptography.hazmat.decrepit.ciphers.algorithms.CAST5",
    "cryptography.hazmat.decrepit.ciphers.algorithms.IDEA",
    "cryptography.hazmat.decrepit.ciphers.algorithms.RC2",
    "cryptography.hazmat.decrepit.ciphers.algorithms.SEED",
    "cryptography.hazmat.decrepit.ciphers.algorithms.TripleDES",
    "cryptography.hazmat.primitives.ciphers.algorithms.ARC4",
    "cryptography.hazmat.primitives.ciphers.algorithms.Blowfish",
    "cryptography.hazmat.primitives.ciphers.algorithms.CAST5",
    "cryptography.hazmat.primitives.ciphers.algorithms.IDEA",
    "cryptography.hazmat.primitives.ciphers.algorithms.SEED",
    "cryptography.hazmat.primitives.ciphers.algorithms.TripleDES",
];
const HELP: &str = "use `Fernet`, or `AESGCM` with a new nonce for each message";

fn ciphers(cx: &Cx<'_>, out: &mut Findings) {
    for call in cx.calls_to(CIPHERS) {
        let mut parts = call.name.rsplit('.');
        let last = parts.next().unwrap_or_default();
        let name = if last == "new" { parts.next().unwrap_or_default() } else { last };
        report(cx, &call, format!("`{name}` is a cipher that can be broken"), out);
    }
}

const ECB: &str = "cryptography.hazmat.primitives.ciphers.modes.ECB";
const MODES: &[&str] = &[
    "cryptography.hazmat.primitives.ciphers.modes.CBC",
    "cryptography.hazmat.primitives.ciphers.modes.CFB",
    "cryptography.hazmat.primitives.ciphers.modes.CTR",
    ECB,
    "cryptography.hazmat.primitives.ciphers.modes.GCM",
    "cryptography.hazmat.primitives.ciphers.modes.OFB",
];

/// The mode of AES, and what it starts from.
fn modes(cx: &Cx<'_>, out: &mut Findings) {
    const AES: &[&str] = &["Crypto.Cipher.AES.new", "Cryptodome.Cipher.AES.new"];
    const AES_ECB: &[&str] = &["Crypto.Cipher.AES.MODE_ECB", "Cryptodome.Cipher.AES.MODE_ECB"];
    for call in cx.calls_to(AES) {
        let mode = call.argument(1, "mode");
        let start = call.argument(2, "iv").or_else(|| call.keyword("nonce"));
        if mode.is_some_and(|mode| cx.names(call.at, mode, AES_ECB)) {
            report(cx, &call, "in ECB mode, equal blocks look equal".to_owned(), out);
        } else if start.is_some_and(|start| cx.surely(call.at, start, &written)) {
            fixed(cx, &call, out);
        }
    }
    for call in cx.calls_to(MODES) {
        if call.name == ECB {
            report(cx, &call, "in ECB mode, equal blocks look equal".to_owned(), out);
        } else if call.arguments.first().is_some_and(|a| cx.surely(call.at, a.value, &written)) {
            fixed(cx, &call, out);
        }
    }
}

/// Ciphers that come with their mode, and where their nonce stands.
fn nonces(cx: &Cx<'_>, out: &mut Findings) {
    // What makes one, and which argument is the nonce; of the first, that of `encrypt()`.
    const AEAD: &[&str] = &[
        "cryptography.hazmat.primitives.ciphers.aead.AESCCM",
        "cryptography.hazmat.primitives.ciphers.aead.AESGCM",
        "cryptography.hazmat.primitives.ciphers.aead.AESOCB3",
        "cryptography.hazmat.primitives.ciphers.aead.ChaCha20Poly1305",
    ];
    const STREAM: &[&str] = &[
        "Crypto.Cipher.ChaCha20.new",
        "Crypto.Cipher.ChaCha20_Poly1305.new",
        "Cryptodome.Cipher.ChaCha20.new",
        "Cryptodome.Cipher.ChaCha20_Poly1305.new",
        "cryptography.hazmat.primitives.ciphers.algorithms.ChaCha20",
    ];
    let stands = |call: &Called<'_>, nonce: Option<ExprId>| {
        nonce.is_some_and(|nonce| cx.surely(call.at, nonce, &written))
    };
    for call in cx.calls_to(AEAD) {
        for (id, arguments) in call.methods("encrypt") {
            if stands(&call, call.at.code.argument(arguments, 0, "nonce")) {
                fixed(cx, &Called { id, ..call }, out);
            }
        }
    }
    for call in cx.calls_to(STREAM) {
        let by_place = if call.name.ends_with("ChaCha20") { Some(1) } else { None };
        let nonce =
            call.keyword("nonce").or_else(|| call.arguments.get(by_place?).map(|a| a.value));
        if stands(&call, nonce) {
            fixed(cx, &call, out);
        }
    }
}

fn fixed(cx: &Cx<'_>, call: &Called<'_>, out: &mut Findings) {
    let message = "the encryption starts from the same value each time, which stands in the code";
    report(cx, call, message.to_owned(), out);
}

/// How many bits a new key must have.
const LEAST: i64 = 2048;

fn keys(cx: &Cx<'_>, out: &mut Findings) {
    // The call, and where the number of bits stands.
    const KEYS: &[(&str, usize, &str)] = &[
        ("Crypto.PublicKey.DSA.generate", 0, "bits"),
        ("Crypto.PublicKey.RSA.generate", 0, "bits"),
        ("Cryptodome.PublicKey.DSA.generate", 0, "bits"),
        ("Cryptodome.PublicKey.RSA.generate", 0, "bits"),
        ("cryptography.hazmat.primitives.asymmetric.dh.generate_parameters", 1, "key_size"),
        ("cryptography.hazmat.primitives.asymmetric.dsa.generate_private_key", 0, "key_size"),
        ("cryptography.hazmat.primitives.asymmetric.rsa.generate_private_key", 1, "key_size"),
        ("paramiko.RSAKey.generate", 0, "bits"),
    ];
    let names: Vec<&'static str> = KEYS.iter().map(|(name, ..)| *name).collect();
    for call in cx.calls_to(&names) {
        let known = KEYS.iter().find(|(name, ..)| *name == call.name);
        let Some((_, position, keyword)) = known else { continue };
        let Some(bits) = call.argument(*position, keyword) else { continue };
        if let Expr::Int(bits) = call.at.code.expr(bits)
            && bits < LEAST
        {
            let message = format!("a key of {bits} bits is too short; {LEAST} are the least");
            report(cx, &call, message, out);
        }
    }
    for call in cx.calls_to(CURVES) {
        let name = call.name.rsplit('.').next().unwrap_or_default();
        report(cx, &call, format!("the curve `{name}` is too small; 224 bits are the least"), out);
    }
}

/// Curves of less than 224 bits.
const CURVES: &[&str] = &[
    "cryptography.hazmat.primitives.asymmetric.ec.SECP192R1",
    "cryptography.hazmat.primitives.asymmetric.ec.SECT163K1",
    "cryptography.hazmat.primitives.asymmetric.ec.SECT163R2",
];

fn report(cx: &Cx<'_>, call: &Called<'_>, message: String, out: &mut Findings) {
    let around = call.path_around();
    // Who only reads what others have written has no choice.
    let reads = ["decrypt", "decipher", "unseal", "decode"];
    let encrypts = |function| call.at.mentions(function, &["encrypt", "encryptor"]);
    let writes = call.function().is_some_and(encrypts);
    let name = around.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if !writes && reads.iter().any(|word| name.contains(word)) {
        return;
    }
    let told = ["legacy", "payment", "gateway", "redsys", "ntlm", "smb", "snmp", "vnc", "protocol"];
    let words = format!("{} {around}", cx.path_of(call.at)).to_ascii_lowercase();
    let low = told.iter().any(|word| words.contains(word));
    let confidence = if low { Confidence::Low } else { Confidence::Medium };
    out.found(&RULE, call.at.expr_span(call.id), around, message)
        .confidence(confidence)
        .help(HELP)
        .done();
}
