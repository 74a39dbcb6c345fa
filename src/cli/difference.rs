//! The difference of two texts in the unified format, made safe to print.

use std::fmt::{Result, Write};

use imara_diff::{Algorithm, Diff, InternedInput, Interner, Token, UnifiedDiffConfig, UnifiedDiffPrinter};

use rolecall::report::escape::escape;

const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const CYAN: &str = "\x1b[36m";
const PLAIN: &str = "\x1b[0m";

/// What changes in the file of that name, from one text to the other; nothing where they are the same.
pub fn unified(name: &str, before: &str, after: &str, color: bool) -> String {
    let texts = InternedInput::new(before, after);
    let mut difference = Diff::compute(Algorithm::Myers, &texts);
    difference.postprocess_lines(&texts);
    let lines = Lines { texts: &texts.interner, color };
    let hunks = difference.unified_diff(&lines, UnifiedDiffConfig::default(), &texts).to_string();
    if hunks.is_empty() {
        return hunks;
    }
    let name = escape(name);
    lines.styled(&format!("--- {name}"), RED) + &lines.styled(&format!("+++ {name}"), GREEN) + &hunks
}

/// Writes the lines of a difference, each with its mark and colour.
struct Lines<'a> {
    texts: &'a Interner<&'a str>,
    color: bool,
}

impl Lines<'_> {
    fn styled(&self, line: &str, style: &str) -> String {
        match self.color && !style.is_empty() {
            true => format!("{style}{line}{PLAIN}\n"),
            false => format!("{line}\n"),
        }
    }

    fn write(&self, mut out: impl Write, mark: char, line: Token, style: &str) -> Result {
        let line = self.texts[line];
        let text = escape(line.strip_suffix('\n').unwrap_or(line));
        out.write_str(&self.styled(&format!("{mark}{text}"), style))?;
        match line.ends_with('\n') {
            true => Ok(()),
            false => out.write_str("\\ No newline at end of file\n"),
        }
    }
}

impl UnifiedDiffPrinter for Lines<'_> {
    fn display_header(
        &self,
        mut out: impl Write,
        before: u32,
        after: u32,
        lines_before: u32,
        lines_after: u32,
    ) -> Result {
        let (before, after) = (range(before, lines_before), range(after, lines_after));
        out.write_str(&self.styled(&format!("@@ -{before} +{after} @@"), CYAN))
    }

    fn display_context_token(&self, out: impl Write, line: Token) -> Result {
        self.write(out, ' ', line, "")
    }

    fn display_hunk(&self, mut out: impl Write, before: &[Token], after: &[Token]) -> Result {
        before.iter().try_for_each(|line| self.write(&mut out, '-', *line, RED))?;
        after.iter().try_for_each(|line| self.write(&mut out, '+', *line, GREEN))
    }
}

/// Lines of a file as the unified format writes them: from which on, counted from 1, and how many, if not one.
/// No lines stand behind the one that is named.
fn range(start: u32, lines: u32) -> String {
    match lines {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        _ => format!("{},{lines}", start + 1),
    }
}
