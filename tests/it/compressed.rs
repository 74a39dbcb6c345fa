//! gzip and Zstandard: data and requests are read through them, and what is cut or broken is refused.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use crate::cli::Place;
use crate::facts_properties::load_folder;

/// Made with the programs `gzip` and `zstd`: a header with a record, and a further record.
const GZIP: [&str; 2] = [
    "1f8b08000000000000032b2d4e2dd249492d482c2ac94dcd2be14acccb4bd4294ecc492de6020009bef28d1b000000",
    "1f8b08000000000000034bca2fca2cd6c9494d4fcce10200c365b3bc0c000000",
];
const ZSTANDARD: [&str; 2] = [
    "28b52ffd241bd90000757365722c6465706172746d656e740a616e6e612c73616c65730a9338e883",
    "28b52ffd240c610000626f7269732c6c6567616c0a047b7837",
];
/// A skippable frame of three bytes.
const SKIPPABLE: &str = "502a4d1803000000616263";

fn bytes(hexadecimal: &[&str]) -> Vec<u8> {
    let digits = hexadecimal.concat();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn zstandard(text: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
}

/// The facts of one file.
fn facts(name: &str, content: &[u8]) -> Vec<String> {
    let loaded = load_folder(&[(name, content)]);
    assert_eq!(loaded.summaries(), [""; 0], "{name}");
    loaded.facts
}

const BOTH: [&str; 2] = ["works_in(anna, sales)", "works_in(boris, legal)"];

#[test]
fn members_and_frames_are_read_one_after_the_other() {
    assert_eq!(facts("works_in.csv.gz", &bytes(&GZIP[..1])), BOTH[..1]);
    assert_eq!(facts("works_in.csv.gz", &bytes(&GZIP)), BOTH);
    assert_eq!(facts("works_in.csv.zst", &bytes(&ZSTANDARD[..1])), BOTH[..1]);
    assert_eq!(facts("works_in.csv.zst", &bytes(&ZSTANDARD)), BOTH);
    assert_eq!(facts("works_in.csv.zst", &bytes(&[SKIPPABLE, ZSTANDARD[0], SKIPPABLE, ZSTANDARD[1], SKIPPABLE])), BOTH);
}

#[test]
fn every_format_may_be_compressed() {
    for (name, text) in [
        ("works_in.csv", "user,department\nanna,sales\nboris,legal\n"),
        ("works_in.tsv", "user\tdepartment\nanna\tsales\nboris\tlegal\n"),
        ("works_in.jsonl", "[\"anna\", \"sales\"]\n[\"boris\", \"legal\"]\n"),
        ("data.json", "{\"works_in\": [[\"anna\", \"sales\"], [\"boris\", \"legal\"]]}"),
    ] {
        assert_eq!(facts(&format!("{name}.gz"), &gzip(text.as_bytes())), BOTH);
        assert_eq!(facts(&format!("{name}.zst"), &zstandard(text.as_bytes())), BOTH);
    }
}

#[test]
fn a_file_beside_its_compressed_twin_is_read_too() {
    let twins: [(&str, &[u8]); 2] =
        [("works_in.csv", b"user,department\nboris,legal\n"), ("works_in.csv.gz", &bytes(&GZIP[..1]))];
    let loaded = load_folder(&twins);
    assert_eq!(loaded.summaries(), [""; 0]);
    assert_eq!(loaded.facts, BOTH);
}

#[test]
fn a_manifest_tells_of_the_compressed_bytes() {
    let file = bytes(&GZIP);
    let digest = "0".repeat(64);
    let entry =
        |rows, bytes| format!("{{\"files\": {{\"works_in.csv.gz\": {{\"rows\": {rows}, \"bytes\": {bytes}}}}}}}");
    let load = |manifest: &str| load_folder(&[("works_in.csv.gz", &file), ("manifest.json", manifest.as_bytes())]);
    assert_eq!(load(&entry(2, file.len())).summaries(), [""; 0]);
    assert!(load(&entry(3, file.len())).summaries()[0].contains("has 2 rows"));
    assert!(load(&entry(2, 40)).summaries()[0].contains(&format!("has {} bytes", file.len())));
    let wrong = format!("{{\"files\": {{\"works_in.csv.gz\": {{\"sha256\": \"{digest}\"}}}}}}");
    assert!(load(&wrong).summaries()[0].contains("[manifest-mismatch]"));
}

#[test]
fn a_cut_file_is_truncated_wherever_it_is_cut() {
    for (name, whole, ends) in [
        ("works_in.csv.gz", bytes(&GZIP), bytes(&GZIP[..1]).len()),
        ("works_in.csv.zst", bytes(&ZSTANDARD), bytes(&ZSTANDARD[..1]).len()),
    ] {
        for end in (0..whole.len()).filter(|end| *end != ends) {
            let summaries = load_folder(&[(name, &whole[..end])]).summaries();
            assert_eq!(summaries.len(), 1, "{name} {end}: {summaries:?}");
            assert!(summaries[0].starts_with("error[truncated-file]: can't read"), "{name} {end}: {summaries:?}");
        }
    }
}

#[test]
fn a_changed_byte_is_an_error_or_changes_nothing() {
    for (name, whole) in [("works_in.csv.gz", bytes(&GZIP)), ("works_in.csv.zst", bytes(&ZSTANDARD))] {
        for at in 0..whole.len() {
            for change in [1, 0x10, 0x80, 0xff] {
                let mut broken = whole.clone();
                broken[at] ^= change;
                let loaded = load_folder(&[(name, &broken)]);
                assert!(!loaded.diagnostics.is_empty() || loaded.facts == BOTH, "{name} {at}: {:?}", loaded.facts);
            }
        }
    }
}

#[test]
fn what_is_no_compressed_data_is_refused() {
    let text = b"user,department\nanna,sales\n";
    let summary = |name: &str, content: &[u8]| load_folder(&[(name, content)]).summaries().concat();
    for (name, format) in [("works_in.csv.gz", "gzip"), ("works_in.csv.zst", "Zstandard")] {
        let found = summary(name, text);
        assert!(found.starts_with("error[unreadable-file]: can't read"), "{found}");
        assert!(found.contains(&format!("not sound {format} data")), "{found}");
    }
    let trailing = [bytes(&GZIP), b"trailing bytes".to_vec()].concat();
    assert!(summary("works_in.csv.gz", &trailing).contains("not sound gzip data"));
    let trailing = [bytes(&ZSTANDARD), b"trailing bytes".to_vec()].concat();
    assert!(summary("works_in.csv.zst", &trailing).contains("not sound Zstandard data"));
    // A first frame that asks for a window of a terabyte.
    assert!(summary("works_in.csv.zst", &bytes(&["28b52ffd00f0010000"])).contains("not sound Zstandard data"));
    assert!(summary("works_in.csv.bz2", text).contains("[unexpected-file]"));
    assert!(summary("works_in.gz", text).contains("[unexpected-file]"));
}

#[test]
fn requests_may_be_compressed() {
    let line = r#"{"subject":{"type":"user","id":"anna"},"action":{"name":"history.view"},"resource":{"type":"chat","id":"c1"}}"#;
    let lines = format!("{line}\n").repeat(9_000);
    let csv = format!("subject,action,resource\n{}", "anna,history.view,c1\n".repeat(9_000));
    let cut = gzip(lines.as_bytes());
    let place = Place::with_portal()
        .file("r.jsonl.gz", gzip(lines.as_bytes()))
        .file("r.jsonl.zst", zstandard(lines.as_bytes()))
        .file("r.csv.gz", gzip(csv.as_bytes()))
        .file("r.CSV.ZST", zstandard(csv.as_bytes()))
        .file("cut.jsonl.gz", &cut[..cut.len() - 9])
        .file("no.jsonl.zst", &lines);
    let batch = |requests| place.run(&["batch", "--data", "portal.json", "--requests", requests, "--output", "-"]);
    let answers = "{\"decision\":true,\"context\":{\"rule\":\"chat-level-own\"}}\n".repeat(9_000);
    for requests in ["r.jsonl.gz", "r.jsonl.zst", "r.csv.gz", "r.CSV.ZST"] {
        batch(requests).prints(0, &answers);
    }
    assert!(batch("cut.jsonl.gz").status == 2);
    assert!(batch("cut.jsonl.gz").err.contains("the file ends before its gzip data does"));
    assert!(batch("no.jsonl.zst").status == 2);
    assert!(batch("no.jsonl.zst").err.contains("not sound Zstandard data"));
}
