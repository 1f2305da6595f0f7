//! JSON as CBOR, and back: CloudWatch speaks it.

use aws_smithy_cbor::data::Type;
use aws_smithy_cbor::decode::DeserializeError;
use aws_smithy_cbor::{Decoder, Encoder};
use aws_smithy_types::DateTime;
use serde_json::{Map, Value, json};

pub fn written(value: &Value) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    write(&mut encoder, value);
    encoder.into_writer()
}

fn write(encoder: &mut Encoder, value: &Value) {
    match value {
        Value::Null => encoder.null(),
        Value::Bool(it) => encoder.boolean(*it),
        Value::Number(it) => match it.as_i64() {
            Some(whole) => encoder.long(whole),
            None => encoder.double(it.as_f64().unwrap_or_default()),
        },
        Value::String(it) => encoder.str(it),
        Value::Array(items) => {
            encoder.begin_array();
            items.iter().for_each(|item| write(encoder, item));
            encoder.end()
        }
        Value::Object(fields) => {
            encoder.begin_map();
            for (name, value) in fields {
                encoder.str(name);
                match (name.as_str(), value.as_array()) {
                    ("Timestamps", Some(times)) => write_times(encoder, times),
                    _ => write(encoder, value),
                }
            }
            encoder.end()
        }
    };
}

/// Seconds since 1970, as the protocol's own type.
fn write_times(encoder: &mut Encoder, times: &[Value]) {
    encoder.array(times.len());
    for time in times {
        encoder.timestamp(&DateTime::from_secs(time.as_i64().unwrap_or_default()));
    }
}

/// What cannot be read is null.
pub fn read(bytes: &[u8]) -> Value {
    value(&mut Decoder::new(bytes)).unwrap_or_default()
}

fn value(decoder: &mut Decoder<'_>) -> Result<Value, DeserializeError> {
    Ok(match decoder.datatype()? {
        Type::Map | Type::MapIndef => {
            let (mut fields, mut left) = (Map::new(), decoder.map()?);
            while more(decoder, &mut left)? {
                let name = decoder.str()?.into_owned();
                fields.insert(name, value(decoder)?);
            }
            Value::Object(fields)
        }
        Type::Array | Type::ArrayIndef => {
            let (mut items, mut left) = (Vec::new(), decoder.list()?);
            while more(decoder, &mut left)? {
                items.push(value(decoder)?);
            }
            Value::Array(items)
        }
        Type::String | Type::StringIndef => json!(decoder.str()?),
        Type::Bool => json!(decoder.boolean()?),
        Type::Tag => json!(decoder.timestamp()?.secs()),
        Type::F16 | Type::F32 | Type::F64 => json!(decoder.double()?),
        Type::U8
        | Type::U16
        | Type::U32
        | Type::U64
        | Type::I8
        | Type::I16
        | Type::I32
        | Type::I64
        | Type::Int => json!(decoder.long()?),
        Type::Null
        | Type::Undefined
        | Type::Simple
        | Type::Bytes
        | Type::BytesIndef
        | Type::Break
        | Type::Unknown(_) => {
            decoder.skip()?;
            Value::Null
        }
    })
}

/// Whether a list or a map goes on; one without a length ends with a break.
fn more(decoder: &mut Decoder<'_>, left: &mut Option<u64>) -> Result<bool, DeserializeError> {
    if let Some(left) = left {
        let goes_on = *left > 0;
        *left = left.saturating_sub(1);
        return Ok(goes_on);
    }
    let ended = decoder.datatype()? == Type::Break;
    if ended {
        decoder.skip()?;
    }
    Ok(!ended)
}
