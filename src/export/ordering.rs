//! The order of values, as bytes.

use crate::database::value::Value;

/// Bytes that order values: nothing, numbers, texts, blobs; what is equal has the same, and none is the beginning of
/// another.
pub(super) fn order_bytes(value: &Value) -> Vec<u8> {
    let ended = |tag: u8, bytes: &[u8]| {
        let mut ordered = vec![tag];
        for byte in bytes {
            ordered.push(*byte);
            if *byte == 0 {
                ordered.push(0xff);
            }
        }
        ordered.extend_from_slice(&[0, 0]);
        ordered
    };
    match value {
        Value::Null => vec![0],
        Value::Integer(number) => {
            let mut ordered = vec![1];
            ordered.extend_from_slice(&(number.cast_unsigned() ^ (1 << 63)).to_be_bytes());
            ordered
        }
        Value::Real(number) => {
            let bits = number.to_bits();
            let mut ordered = vec![2];
            let flipped = if number.is_sign_negative() { !bits } else { bits ^ (1 << 63) };
            ordered.extend_from_slice(&flipped.to_be_bytes());
            ordered
        }
        Value::Text(text) => ended(3, text.as_bytes()),
        Value::RawText(bytes) => ended(4, bytes),
        Value::Blob(bytes) => ended(5, bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_ordered_by_their_bytes() {
        let ordered = [
            Value::Null,
            Value::Integer(i64::MIN),
            Value::Integer(-1),
            Value::Integer(2),
            Value::Integer(10),
            Value::Real(-2.5),
            Value::Real(-0.5),
            Value::Real(0.5),
            Value::Text(String::new()),
            Value::Text("a".into()),
            Value::Text("a\0".into()),
            Value::Text("ab".into()),
            Value::Blob(vec![0]),
        ];
        for pair in ordered.windows(2) {
            assert!(order_bytes(&pair[0]) < order_bytes(&pair[1]), "{pair:?}");
        }
    }
}
