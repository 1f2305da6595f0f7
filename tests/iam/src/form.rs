//! Reads the body of AWS's query protocol: `Name=x&List.member.1=y&List.member.2.Field=z`.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

/// The fields as JSON: a dotted name goes into an object, `member.N` into a list.
pub fn read(body: &str) -> Result<Value> {
    let mut form = Value::Object(Map::new());
    for (name, text) in form_urlencoded::parse(body.as_bytes()) {
        let path: Vec<&str> = name.split('.').collect();
        put(&mut form, &path, &text).with_context(|| format!("field {name}"))?;
    }
    Ok(form)
}

fn put(at: &mut Value, path: &[&str], text: &str) -> Result<()> {
    match path {
        [] if at.is_null() => *at = text.into(),
        [] => bail!("it is there twice"),
        ["member", number, rest @ ..] => put(element(at, number)?, rest, text)?,
        [name, rest @ ..] => {
            if at.is_null() {
                *at = Value::Object(Map::new());
            }
            let fields = at.as_object_mut().context("expected fields")?;
            put(fields.entry(*name).or_insert(Value::Null), rest, text)?;
        }
    }
    Ok(())
}

/// The list's element with this number, from 1; the SDK writes them in order.
fn element<'a>(list: &'a mut Value, number: &str) -> Result<&'a mut Value> {
    if list.is_null() {
        *list = Value::Array(Vec::new());
    }
    let items = list.as_array_mut().context("expected a list")?;
    let number: usize = number.parse()?;
    if number == items.len() + 1 {
        items.push(Value::Null);
    }
    let index = number.checked_sub(1).context("lists begin at 1")?;
    let found = items.get_mut(index);
    found.with_context(|| format!("element {number} comes too early"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_and_fields_are_found() {
        let body = "Action=M&A.member.1.Type=forward&A.member.1.C.G.member.1.Arn=x%2Fy&A.member.2.Type=b+c";
        let expect = json!({"Action": "M", "A": [
            {"Type": "forward", "C": {"G": [{"Arn": "x/y"}]}}, {"Type": "b c"}]});
        assert_eq!(read(body).expect("a form"), expect);
    }

    #[test]
    fn a_form_that_contradicts_itself_is_an_error() {
        for body in [
            "A=1&A=2",
            "A=1&A.b=2",
            "A.member.2=x",
            "A.member.0=x",
            "A.b=1&A.member.1=x",
        ] {
            assert!(read(body).is_err(), "{body}");
        }
    }
}
