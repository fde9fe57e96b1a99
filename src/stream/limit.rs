//! A reader that refuses to give more than it was told to.

use std::io::{self, Read};

/// Fails once more than `limit` bytes have come out of the reader inside: a small file can decompress to a
/// very large one.
#[derive(Debug)]
pub struct Limited<R> {
    inner: R,
    left: u64,
    limit: u64,
}

impl<R: Read> Limited<R> {
    /// Lets `limit` bytes pass.
    pub fn new(inner: R, limit: u64) -> Self {
        Self { inner, left: limit, limit }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("more than the expected {} bytes", self.limit),
                ));
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_as_the_limit_passes_and_no_more() {
        let mut out = Vec::new();
        assert!(Limited::new(&b"12345"[..], 5).read_to_end(&mut out).is_ok());
        assert!(Limited::new(&b"123456"[..], 5).read_to_end(&mut out).is_err());
    }
}
