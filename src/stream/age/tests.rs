//! Round trips, and files that are not what they should be.

use super::*;
use crate::error::{Kind, blame_input, hint, kind};
use crate::stream::Form;
use proptest::prelude::*;
use std::io::{Read, Write};

/// An identity file in a folder of its own, and its recipient.
fn key() -> (tempfile::TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("key");
    let (identity, recipient) = generate(chrono::DateTime::UNIX_EPOCH);
    std::fs::write(&path, identity.expose_secret()).expect("write");
    (folder, path, recipient)
}

fn keys(path: &Path) -> Keys<'static> {
    Keys::new(vec![IdentityFile::read(path).expect("an identity")], None, None)
}

fn sealed(bytes: &[u8], lock: &Lock) -> Vec<u8> {
    let mut sealing = Sealing::new(Vec::new(), Some(lock)).expect("begin");
    sealing.write_all(bytes).expect("memory");
    sealing.finish().expect("memory")
}

fn opened(bytes: &[u8], keys: &Keys<'_>) -> anyhow::Result<Vec<u8>> {
    let (encrypted, mut reader) = unlock(bytes, keys, "it")?;
    assert!(encrypted);
    let mut out = Vec::new();
    reader.read_to_end(&mut out)?;
    Ok(out)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_encrypted_comes_back(
        length in prop_oneof![0usize..200, 65_400usize..65_700, 100_000usize..300_000],
        seed in any::<u8>(),
        several in any::<bool>(),
        cut in any::<prop::sample::Index>(),
        flip in (any::<prop::sample::Index>(), 1u8..=255),
    ) {
        let bytes: Vec<u8> = (0..length).map(|at| at.to_le_bytes()[0].wrapping_mul(31) ^ seed).collect();
        let ((_a, path, first), (_b, _, second)) = (key(), key());
        let recipients = if several { vec![second, first] } else { vec![first] };
        let lock = Lock::for_recipients(&recipients).expect("recipients");
        let file = sealed(&bytes, &lock);
        prop_assert_eq!(Form::of(&file), Form::Age);
        prop_assert!(opened(&file, &keys(&path)).expect("open") == bytes);
        // A part of it never passes for the whole.
        let shorter = &file[..cut.index(file.len())];
        if Form::of(shorter) == Form::Age {
            let error = opened(shorter, &keys(&path)).expect_err("it was cut");
            prop_assert_eq!(kind(&blame_input(error, "reading")), Kind::Invalid);
        }
        let mut other = file.clone();
        other[flip.0.index(file.len())] ^= flip.1;
        // What stands for other recipients may be changed without a trace until the key finds its own.
        if Form::of(&other) == Form::Age {
            prop_assert!(opened(&other, &keys(&path)).is_err());
        }
    }
}

#[test]
fn text_is_armoured_and_opened() {
    let (_folder, path, recipient) = key();
    let lock = Lock::for_recipients(&[recipient]).expect("a recipient");
    let text = lock.armoured(b"secret").expect("encrypt");
    assert!(text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----\n"), "{text}");
    assert_eq!(opened(text.as_bytes(), &keys(&path)).expect("open"), b"secret");
    let cut = &text.as_bytes()[..text.len() - 60];
    let error = opened(cut, &keys(&path)).expect_err("it was cut");
    assert_eq!(kind(&blame_input(error, "reading")), Kind::Invalid);
}

#[test]
fn what_is_not_encrypted_passes() {
    for bytes in [&b""[..], b"a", b"SQLite format 3\0 and so on, for more bytes than a head has"] {
        let (encrypted, mut reader) = unlock(bytes, &Keys::none(), "it").expect("read");
        let mut out = Vec::new();
        reader.read_to_end(&mut out).expect("read");
        assert_eq!((encrypted, out.as_slice()), (false, bytes));
    }
}

#[test]
fn a_key_that_is_missing_or_wrong_is_said() {
    let ((_a, _, recipient), (_b, other, _)) = (key(), key());
    let file = sealed(b"x", &Lock::for_recipients(&[recipient]).expect("a recipient"));
    let passphrase = || Some(SecretString::from("correct horse"));
    for (keys, message, what_to_do) in [
        (Keys::none(), "it is encrypted, and no key is given", "--identity FILE"),
        (keys(&other), "it is not encrypted for the key that is given", "--identity FILE names another"),
        (Keys::new(Vec::new(), passphrase(), None), "a passphrase does not open it", "--identity FILE"),
    ] {
        let error = opened(&file, &keys).expect_err("it stays closed");
        assert!(format!("{error:#}").contains(message), "{error:#}");
        assert!(hint(&error).is_some_and(|hint| hint.contains(what_to_do)));
        assert_eq!(kind(&error), Kind::Usage);
    }
}

/// An age file of a passphrase that wants that much work.
fn scrypt_file(work: &str) -> Vec<u8> {
    let mut file = format!(
        "age-encryption.org/v1\n-> scrypt c2FsdHNhbHRzYWx0c2FsdA {work}\n{}\n--- {}\n",
        "A".repeat(43),
        "A".repeat(43)
    )
    .into_bytes();
    file.extend([0; 64]);
    file
}

#[test]
fn absurd_work_is_refused_at_once() {
    let began = std::time::Instant::now();
    for work in ["21", "30", "63"] {
        let keys = Keys::new(Vec::new(), Some(SecretString::from("x")), None);
        let error = opened(&scrypt_file(work), &keys).expect_err("it is too much");
        let message = format!("it wants 2^{work} kB of memory to try a passphrase, which is more than 2^20");
        assert_eq!((error.to_string(), kind(&error)), (message, Kind::Invalid));
    }
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

#[test]
fn a_header_that_has_no_end_is_refused() {
    let endless = (&b"age-encryption.org/v1\n-> X25519 "[..]).chain(std::io::repeat(b'a'));
    let lines = (&b"age-encryption.org/v1\n"[..]).chain(Lines(0));
    for reader in [Box::new(endless) as Box<dyn Read>, Box::new(lines)] {
        let Err(error) = unlock(reader, &Keys::none(), "it") else { panic!("it has no end") };
        assert!(error.to_string().contains("its header is larger than 65536 bytes"), "{error:#}");
    }
}

/// Short lines without an end.
struct Lines(usize);

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        for byte in &mut *buffer {
            *byte = b"-> a\nAAAA\n"[self.0 % 10];
            self.0 += 1;
        }
        Ok(buffer.len())
    }
}

#[test]
fn a_header_that_is_not_ages_is_refused() {
    for (file, message) in [
        (&b"age-encryption.org/v2\n-> x\n--- y\n"[..], "by a version of age that is not known"),
        (b"age-encryption.org/v1\n-> X255", "was cut in its header"),
        (b"age-encryption.org/v1\nnonsense\n--- y\n", "its header was changed or damaged"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n!!!!\n", "is no whole age file"),
    ] {
        let Err(error) = unlock(file, &Keys::none(), "it") else { panic!("it is no age file") };
        assert!(format!("{error:#}").contains(message), "{error:#}");
        assert_eq!(kind(&error), Kind::Invalid);
    }
}

#[test]
fn recipients_come_from_the_line_or_a_file_and_secrets_are_not_repeated() {
    let (folder, identity, recipient) = key();
    let (_b, _, other) = key();
    let list = folder.path().join("list");
    std::fs::write(&list, format!("# ours\n{recipient}\n\n  {other}  \n")).expect("write");
    let text = |path: &Path| path.to_string_lossy().into_owned();
    assert_eq!(recipients_of(&text(&list)).expect("two").len(), 2);
    let lock = Lock::for_recipients(&[text(&list), recipient.clone()]).expect("two");
    let Lock::Recipients(recipients) = &lock else { panic!("they are recipients") };
    assert_eq!(recipients.len(), 2, "none is there twice");
    assert!(lock.is_opened_by(&identity) && !lock.is_opened_by(&list));
    let same = Lock::for_recipients(&[other, recipient]).expect("two");
    assert_eq!(lock.digest(b"salt"), same.digest(b"salt"));
    assert_ne!(lock.digest(b"salt"), same.digest(b"pepper"));

    let secret = std::fs::read_to_string(&identity).expect("read");
    let secret = secret.lines().last().expect("the key").to_owned();
    std::fs::write(&list, "").expect("write");
    for (text, message) in [
        (secret.as_str(), "a secret key stands where a recipient should"),
        ("ssh-ed25519 AAAA", "keys of SSH cannot be encrypted to"),
        ("age1abc", "the recipient is not whole"),
        ("nobody", "it is no recipient, and there is no such file"),
        (text(&identity).as_str(), "a secret key stands where a recipient should"),
        (text(&list).as_str(), "holds no recipient"),
    ] {
        let error = recipients_of(text).expect_err("they are none");
        assert!(format!("{error:#}").contains(message), "{error:#}");
        assert!(!format!("{error:#}").contains(&secret));
    }
}

#[test]
fn a_file_of_identities_is_read_and_what_is_none_is_not_repeated() {
    let (folder, path, recipient) = key();
    let list = folder.path().join("list");
    let secret = std::fs::read_to_string(&path).expect("read");
    let secret = secret.lines().last().expect("the key").to_owned();
    assert_eq!(
        IdentityFile::read(&path).expect("read").recipients(&Keys::none()).expect("one"),
        std::slice::from_ref(&recipient)
    );
    for (text, message) in [
        (recipient.as_str(), "line 1: it is a recipient, which cannot open anything"),
        (&secret[..40], "line 1: the identity is not whole"),
        ("# nothing\n", "holds no identity"),
        ("AGE-PLUGIN-YUBIKEY-1", "line 1: it is the identity of an age plugin"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\n", "line 1: it is a key of another program"),
        ("\n\nhunter2", "line 3: it is no identity"),
    ] {
        std::fs::write(&list, text).expect("write");
        let Err(error) = IdentityFile::read(&list) else { panic!("{text:?} is none") };
        assert!(format!("{error:#}").contains(message), "{error:#}");
        assert!(!format!("{error:#}").contains("hunter2") && !format!("{error:#}").contains(&secret[..30]));
    }
}
