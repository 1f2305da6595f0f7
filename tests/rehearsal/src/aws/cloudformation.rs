//! CloudFormation's protocol: form fields go in, XML comes out.

use super::Aws;
use super::plain::{request, send};
use anyhow::{Result, bail};
use aws_smithy_xml::decode::{Document, try_data};
use form_urlencoded::Serializer;
use reqwest::Method;

/// The answer to an action.
pub(crate) async fn call(
    aws: &Aws,
    action: &str,
    fields: &[(impl AsRef<str>, impl AsRef<str>)],
) -> Result<Answer> {
    let body = Serializer::new(String::new())
        .append_pair("Action", action)
        .append_pair("Version", "2010-05-15")
        .extend_pairs(fields)
        .finish();
    let request = request(aws, "cloudformation", Method::POST, "/")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    let call = format!("cloudformation:{action}");
    Ok(Answer(send(&call, request).await?.text().await?))
}

/// An answer in XML.
pub(crate) struct Answer(String);

impl Answer {
    /// The text of the first element of this name.
    pub(crate) fn text(&self, name: &str) -> Result<String> {
        let mut document = Document::new(&self.0);
        while let Some(element) = document.next_start_element() {
            if element.matches(name) {
                let mut element = document.scoped_to(element);
                return Ok(try_data(&mut element)?.into_owned());
            }
        }
        bail!("expected {name}, found {}", self.0)
    }

    /// Of every member of a list, these fields; a field that a member lacks is empty.
    pub(crate) fn members<const N: usize>(
        &self,
        list: &str,
        fields: [&str; N],
    ) -> Result<Vec<[String; N]>> {
        let mut document = Document::new(&self.0);
        let mut members = Vec::new();
        while let Some(element) = document.next_start_element() {
            if !element.matches(list) {
                continue;
            }
            let mut list = document.scoped_to(element);
            while let Some(mut member) = list.next_tag() {
                let mut values = [const { String::new() }; N];
                while let Some(mut field) = member.next_tag() {
                    let start = field.start_el();
                    if let Some(at) = fields.iter().position(|name| start.matches(name)) {
                        values[at] = try_data(&mut field)?.into_owned();
                    }
                }
                members.push(values);
            }
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_with_the_fields_that_are_asked_for() {
        let stacks = "<Stacks><member><StackId>arn:1</StackId><Tags/><Outputs>\
             <member><OutputKey>A</OutputKey><OutputValue>x &amp; y</OutputValue><Description/></member>\
             <member><OutputValue/><OutputKey>B</OutputKey></member></Outputs>\
             <StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks>";
        let answer = Answer(format!(
            "<?xml version=\"1.0\"?><Response xmlns=\"http://x/\"><Result>{stacks}</Result></Response>"
        ));
        let stack = [["arn:1".to_owned(), "CREATE_COMPLETE".to_owned()]];
        let fields = ["StackId", "StackStatus"];
        assert_eq!(answer.members("Stacks", fields).expect("XML"), stack);
        let outputs = [["A", "x & y"], ["B", ""]].map(|pair| pair.map(str::to_owned));
        let fields = ["OutputKey", "OutputValue"];
        assert_eq!(answer.members("Outputs", fields).expect("XML"), outputs);
        assert_eq!(answer.text("OutputValue").expect("text"), "x & y");
        answer.text("Events").expect_err("no such element");
        assert!(
            answer
                .members("Events", ["EventId"])
                .expect("XML")
                .is_empty()
        );
    }
}
