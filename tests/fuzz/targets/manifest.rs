//! The reader of manifests.

#![no_main]

use larder::snapshot::catalog::Known;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Known::Manifest(manifest) = Known::of(Some(data)) {
        let text = manifest.to_text();
        assert!(matches!(Known::of(Some(&text)), Known::Manifest(_)), "what was written can be read");
    }
});
