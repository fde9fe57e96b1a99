//! Values that somebody typed as an option.

use crate::database::value::Value;
use serde_json::Value as Json;

/// A number, a string, null, true or false of JSON; anything else is a text.
pub(super) fn value(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(Json::Null) => Value::Null,
        Ok(Json::Bool(yes)) => Value::Integer(yes.into()),
        Ok(Json::String(text)) => Value::Text(text),
        Ok(Json::Number(number)) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::Integer(whole),
            (None, Some(real)) if number.is_f64() => Value::Real(real),
            _ => Value::Text(text.to_owned()),
        },
        _ => Value::Text(text.to_owned()),
    }
}
