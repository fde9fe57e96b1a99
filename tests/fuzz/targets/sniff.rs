//! What a file is by its first bytes, whatever it is compressed by, and in what its text is.

#![no_main]

use larder::database::header::Header;
use larder::stream::{Expansion, Text, decompress};
use libfuzzer_sys::fuzz_target;
use std::io::Read;

fuzz_target!(|data: &[u8]| {
    let _ = Header::parse(data);
    let limit = Expansion { limit: Some(1 << 20) };
    if let Ok((_, mut inside)) = decompress(data, limit) {
        let mut bytes = Vec::new();
        let _ = inside.read_to_end(&mut bytes);
        assert!(bytes.len() <= 1 << 20);
    }
    let mut text = Vec::new();
    if let Ok(mut reader) = Text::new(data) {
        let _ = reader.read_to_end(&mut text);
    }
});
