//! ARNs, and IAM's patterns over them.

/// Where a resource is: the middle of its ARN.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub region: &'a str,
    pub account: &'a str,
}

impl Place<'_> {
    /// The ARN of a resource of this Region and account.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        let (partition, region, account) = (self.partition(), self.region, self.account);
        format!("arn:{partition}:{service}:{region}:{account}:{resource}")
    }

    /// How the names of AWS's hosts end there, also those of its services as `kms:ViaService` has them.
    pub fn suffix(&self) -> &'static str {
        match self.partition() {
            "aws-cn" => "amazonaws.com.cn",
            _ => "amazonaws.com",
        }
    }

    /// China and GovCloud are partitions of their own, known by the names of their Regions.
    pub fn partition(&self) -> &'static str {
        match self.region.split('-').next() {
            Some("cn") => "aws-cn",
            Some("us") if self.region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    }
}

/// Whether a text fits a pattern of IAM: `*` stands for any text, `?` for any one character.
pub fn like(pattern: &str, text: &str) -> bool {
    let mut rest = text.chars();
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => {
            let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            starts
                .into_iter()
                .any(|at| like(&pattern[1..], &text[at..]))
        }
        Some(first) => {
            rest.next().is_some_and(|it| first == '?' || first == it)
                && like(&pattern[first.len_utf8()..], rest.as_str())
        }
    }
}

/// Like [`like`], but each of the six parts of an ARN for itself, as the condition operators for ARNs compare.
pub fn arn_like(pattern: &str, arn: &str) -> bool {
    let parts = |text| str::splitn(text, 6, ':');
    parts(pattern).count() == parts(arn).count()
        && parts(pattern).zip(parts(arn)).all(|(p, a)| like(p, a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_whole_texts_only() {
        for (pattern, text, fits) in [
            ("*", "", true),
            ("task/blue/*", "task/blue/1", true),
            ("task/blue/*", "task/blue2/1", false),
            ("task/?/*", "task/cc/1", false),
            ("rule", "rule1", false),
            ("a*c", "abcb", false),
            ("ü*", "über", true),
        ] {
            assert_eq!(like(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn a_part_of_an_arn_does_not_reach_into_the_next() {
        let arn = "arn:aws:ecs:eu-west-1:111122223333:cluster/blue";
        for (pattern, fits) in [
            ("arn:aws:ecs:*:111122223333:cluster/blue", true),
            ("arn:aws:ecs:*:cluster/blue", false),
            ("arn:aws:ecs:eu-west-1:111122223333:cluster/*", true),
            ("*", false),
        ] {
            assert_eq!(arn_like(pattern, arn), fits, "{pattern}");
        }
        assert!(like("arn:aws:ecs:*:cluster/blue", arn));
    }

    #[test]
    fn a_region_belongs_to_its_partition() {
        for (region, partition) in [
            ("eu-west-1", "aws"),
            ("us-east-1", "aws"),
            ("us-gov-west-1", "aws-us-gov"),
            ("cn-north-1", "aws-cn"),
        ] {
            let account = "";
            let place = Place { region, account };
            assert_eq!(place.partition(), partition);
            let is_china = place.suffix().ends_with(".cn");
            assert_eq!(is_china, region.starts_with("cn-"), "{region}");
        }
    }
}
