//! Findings for people, as JSON and as CSV.

use super::Report;
use crate::cli::findings::{Sample, Told};
use crate::cli::request::json_string;
use crate::cli::sheet::csv_field;
use rolecall::report::escape::escape;

impl Report<'_> {
    /// A paragraph for each finding, and how many there are.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for told in self.found {
            let (id, place) = self.rule(told);
            let severity = self.severities.name(told.severity);
            let things = counted(told.things, told.more, "thing");
            text.push_str(&format!("{severity}: {}: {things}  {}\n", escape(id), escape(&place)));
            for sample in &told.samples {
                let place = sample.site.as_ref().map_or_else(String::new, |site| format!("  {site}"));
                text.push_str(&format!("  {}\n", escape(&format!("{}{place}", sample.sentence))));
                if let Some(request) = &sample.why {
                    text.push_str(&format!("    {}\n", escape(&self.again.why(request))));
                }
            }
            let more = told.count - told.samples.len();
            if more > 0 || told.more {
                let even = if told.more { "; not everything was looked at" } else { "" };
                text.push_str(&format!("  and {more} more{even}\n"));
            }
            text.push('\n');
        }
        text.push_str(&self.tally());
        text
    }

    /// `4 findings: 1 high, 3 low`
    fn tally(&self) -> String {
        let count = |(place, name): (usize, &String)| {
            let count = self.found.iter().filter(|told| told.severity.unwrap_or(0) as usize == place).count();
            (count > 0).then(|| format!("{count} {name}"))
        };
        let counts: Vec<String> = self.severities.names.iter().enumerate().rev().filter_map(count).collect();
        match self.found.len() {
            0 => "no findings\n".to_owned(),
            all => format!("{}: {}\n", counted(all, false, "finding"), counts.join(", ")),
        }
    }

    /// An array with an object for each finding.
    pub(super) fn json(&self) -> String {
        let finding = |told: &Told| {
            let (id, place) = self.rule(told);
            let instances: Vec<String> = told.samples.iter().map(|sample| self.instance(sample)).collect();
            format!(
                "{{\"code\":{},\"severity\":{},\"rule\":{},\"things\":{},\"count\":{},\"complete\":{},\"instances\":[{}]}}",
                json_string(id),
                json_string(self.severities.name(told.severity)),
                json_string(&place),
                told.things,
                told.count,
                !told.more,
                instances.join(",\n  ")
            )
        };
        format!("[{}]\n", self.found.iter().map(finding).collect::<Vec<_>>().join(",\n "))
    }

    /// A header and a line for each instance.
    pub(super) fn csv(&self) -> String {
        let mut text = "severity,code,thing,sentence,place,subject,action,resource\n".to_owned();
        for told in self.found {
            for sample in &told.samples {
                let why = sample.why.as_ref().map_or(["", "", ""], |why| [&why[0], &why[1], &why[2]]);
                let place = sample.site.as_ref().map(ToString::to_string).unwrap_or_default();
                let first =
                    [self.severities.name(told.severity), self.rule(told).0, &sample.thing, &sample.sentence, &place];
                let cells: Vec<String> = first.into_iter().chain(why).map(|cell| csv_field(cell).to_string()).collect();
                text.push_str(&cells.join(","));
                text.push('\n');
            }
        }
        text
    }

    fn instance(&self, sample: &Sample) -> String {
        let mut members = vec![
            format!("\"thing\":{}", json_string(&sample.thing)),
            format!("\"sentence\":{}", json_string(&sample.sentence)),
        ];
        members.extend(sample.site.as_ref().map(|site| format!("\"place\":{}", json_string(&site.to_string()))));
        members.extend(sample.why.as_ref().map(|request| {
            let [subject, action, resource] = request.each_ref().map(|text| json_string(text));
            let command = json_string(&self.again.why(request));
            format!(
                "\"why\":{{\"subject\":{subject},\"action\":{action},\"resource\":{resource},\"command\":{command}}}"
            )
        }));
        format!("{{{}}}", members.join(","))
    }
}

fn counted(number: usize, more: bool, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    let least = if more { " or more" } else { "" };
    format!("{number} {what}{plural}{least}")
}
