//! The metrics that the widgets show: those of AWS as AWS has them, and ours as the functions write them.

use super::widgets;
use project::{Names, text};
use serde_json::Value;
use shared::emf::{DIMENSION, Metric, NAMESPACE};

/// Metrics of AWS with the same dimensions, of which the same statistics say something.
struct Known {
    namespace: &'static str,
    names: &'static [&'static str],
    dimensions: &'static [&'static str],
    statistics: &'static [&'static str],
}

const OF_TARGET_GROUP: &[&str] = &["TargetGroup", "LoadBalancer"];

/// From the user guides of Elastic Load Balancing and of SQS. Of what is counted only the sum says something.
const OF_AWS: [Known; 5] = [
    Known {
        namespace: "AWS/ApplicationELB",
        names: &["RequestCount", "HTTPCode_Target_5XX_Count"],
        dimensions: OF_TARGET_GROUP,
        statistics: &["Sum"],
    },
    Known {
        namespace: "AWS/ApplicationELB",
        names: &["HTTPCode_ELB_5XX_Count"],
        dimensions: &["LoadBalancer"],
        statistics: &["Sum"],
    },
    Known {
        namespace: "AWS/ApplicationELB",
        names: &["TargetResponseTime"],
        dimensions: OF_TARGET_GROUP,
        statistics: &["Average", "p50", "p90", "p99"],
    },
    Known {
        namespace: "AWS/ApplicationELB",
        names: &["HealthyHostCount"],
        dimensions: OF_TARGET_GROUP,
        statistics: &["Average", "Minimum", "Maximum"],
    },
    Known {
        namespace: "AWS/SQS",
        names: &["ApproximateNumberOfMessagesVisible"],
        dimensions: &["QueueName"],
        statistics: &["Average", "Minimum", "Maximum"],
    },
];

/// One line of a widget: a metric with its dimensions and its statistic.
#[derive(Debug)]
struct Shown {
    namespace: String,
    name: String,
    dimensions: Vec<(String, String)>,
    statistic: String,
}

impl Shown {
    /// The metric of an entry; none where it is an expression.
    fn read(entry: &Value, properties: &Value) -> Option<Shown> {
        let parts = entry.as_array().expect("a list");
        let (options, names) = match parts.split_last() {
            Some((options, names)) if options.is_object() => (options, names),
            _ => (&Value::Null, parts.as_slice()),
        };
        if options.get("expression").is_some() {
            assert!(names.is_empty(), "{entry}");
            return None;
        }
        let names: Vec<String> = names.iter().map(text).collect();
        let [namespace, name, dimensions @ ..] = names.as_slice() else {
            panic!("no metric: {entry}")
        };
        let statistic = options.get("stat").or(properties.get("stat"));
        let pairs = dimensions.chunks(2);
        Some(Shown {
            namespace: namespace.clone(),
            name: name.clone(),
            dimensions: pairs.map(|it| (it[0].clone(), it[1].clone())).collect(),
            statistic: text(statistic.unwrap_or_else(|| panic!("no statistic: {entry}"))),
        })
    }

    fn has_dimensions(&self, expect: &[&str]) -> bool {
        self.dimensions.iter().map(|(name, _)| name).eq(expect)
    }
}

/// The metrics of every widget.
fn shown() -> Vec<Shown> {
    let mut shown = Vec::new();
    for widget in widgets() {
        let properties = &widget["properties"];
        let entries = properties["metrics"].as_array().into_iter().flatten();
        shown.extend(entries.filter_map(|it| Shown::read(it, properties)));
    }
    shown
}

#[test]
fn given_a_metric_of_aws_then_aws_has_it_with_these_dimensions() {
    for it in shown().iter().filter(|it| it.namespace != NAMESPACE) {
        let is_it = |known: &&Known| {
            known.namespace == it.namespace && known.names.contains(&it.name.as_str())
        };
        let known = OF_AWS.iter().find(is_it);
        let known = known.unwrap_or_else(|| panic!("AWS has no {it:?}"));
        assert!(it.has_dimensions(known.dimensions), "{it:?}");
        assert!(known.statistics.contains(&it.statistic.as_str()), "{it:?}");
    }
}

/// Both environments stand over each other: what one of them shows, the other shows too.
#[test]
fn given_a_metric_of_a_target_group_then_both_environments_show_it() {
    let of = |group: &str| -> Vec<String> {
        let shown = shown().into_iter();
        let shown = shown.filter(|it| {
            it.dimensions
                .contains(&("TargetGroup".to_owned(), group.to_owned()))
        });
        shown.map(|it| it.name).collect()
    };
    assert_eq!(of("${Blue}"), of("${Green}"));
    assert_eq!(of("${Blue}").len(), 4);
}

#[test]
fn given_a_metric_of_ours_then_the_functions_write_it_and_each_of_theirs_is_shown() {
    let shown: Vec<Shown> = shown()
        .into_iter()
        .filter(|it| it.namespace == NAMESPACE)
        .collect();
    for it in &shown {
        let metric = Metric::ALL.iter().find(|metric| metric.name() == it.name);
        let metric = metric.unwrap_or_else(|| panic!("nobody writes {it:?}"));
        let of_service = (DIMENSION.to_owned(), "${AWS::StackName}".to_owned());
        assert_eq!(it.dimensions, [of_service], "{it:?}");
        // A sum of times says nothing, and a largest count neither.
        let sums = metric.unit() == "Count" && *metric != Metric::VerdictRequests;
        assert_eq!(it.statistic == "Sum", sums, "{it:?}");
    }
    let shown: Names = shown.into_iter().map(|it| it.name).collect();
    let written: Names = Metric::ALL.iter().map(|it| it.name().to_owned()).collect();
    assert_eq!(shown, written);
}

/// An expression names metrics of its own widget.
#[test]
fn given_an_expression_then_what_it_computes_with_is_in_its_widget() {
    for widget in widgets() {
        let entries = widget["properties"]["metrics"]
            .as_array()
            .into_iter()
            .flatten();
        let options: Vec<&Value> = entries.filter_map(|it| it.as_array()?.last()).collect();
        let ids: Names = options
            .iter()
            .filter_map(|it| it["id"].as_str())
            .map(str::to_owned)
            .collect();
        for expression in options.iter().filter_map(|it| it["expression"].as_str()) {
            let words = expression.split(|it: char| !it.is_ascii_alphanumeric());
            // Functions are in capitals.
            let mut names = words.filter(|it| it.starts_with(|it: char| it.is_ascii_lowercase()));
            assert!(names.all(|it| ids.contains(it)), "{expression}: {ids:?}");
        }
    }
}
