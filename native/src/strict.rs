//! What XML is taken: no more than Python's parser takes, and what both read alike.

use memchr::memmem::find_iter;

use crate::value::white;

/// Whether Python's parser surely takes it too: ours lets some declarations, references and instructions pass.
pub fn as_strict(content: &str, document: &roxmltree::Document<'_>) -> bool {
    let plain = content.strip_prefix('\u{feff}').unwrap_or(content);
    let rest = match plain.strip_prefix("<?xml") {
        Some(after) if after.starts_with(white) => match declared(after) {
            Some(rest) => rest,
            None => return false,
        },
        _ => plain,
    };
    let of_instructions =
        || document.descendants().filter_map(|node| node.pi()).all(|one| instruction(content, one.target));
    let bytes = rest.as_bytes();
    let mut carriage = memchr::memchr_iter(b'\r', bytes).map(|at| bytes.get(at + 1));
    spaces(rest)
        // Before a reference it would stay as it is.
        && carriage.all(|next| next == Some(&b'\n'))
        && find_iter(bytes, "&#").all(|at| reference(&rest[at + 2..]))
        && (find_iter(bytes, "<?").next().is_none() || of_instructions())
}

/// What follows an XML declaration that says what we read: version 1.0, and UTF-8 if it names an encoding.
fn declared(after: &str) -> Option<&str> {
    let (mut rest, content) = after.split_once("?>")?;
    let mut words: Vec<(&str, String)> = Vec::new();
    while !rest.trim_matches(white).is_empty() {
        let (name, value) = rest.strip_prefix(white)?.trim_start_matches(white).split_once('=')?;
        let (value, after) = quoted(value)?;
        words.push((name, value.to_ascii_lowercase()));
        rest = after;
    }
    let words: Vec<_> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let known = matches!(
        words.as_slice(),
        [("version", "1.0")]
            | [("version", "1.0"), ("encoding", "utf-8")]
            | [("version", "1.0"), ("standalone", "yes" | "no")]
            | [("version", "1.0"), ("encoding", "utf-8"), ("standalone", "yes" | "no")]
    );
    known.then_some(content)
}

fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    text[1..].split_once(quote)
}

/// Whether each namespace is declared as any parser takes it, and none twice in one tag.
fn spaces(content: &str) -> bool {
    let (mut of_tag, mut from): (Vec<&str>, usize) = (Vec::new(), 0);
    for at in find_iter(content.as_bytes(), "xmlns") {
        let Some((prefix, value)) = content[at + "xmlns".len()..].split_once('=') else { return false };
        let prefix = prefix.trim_end_matches(white);
        let known = match prefix.strip_prefix(':') {
            None => prefix.is_empty(),
            Some(name) => ascii_name(name) && name != "xmlns",
        };
        // A brace parts the two halves of a name in Python.
        let of_uri = |(uri, _): (&str, &str)| !uri.is_empty() && !uri.contains('}');
        let begins = content[..at].ends_with(white);
        if !begins || !known || !quoted(value.trim_start_matches(white)).is_some_and(of_uri) {
            return false;
        }
        if memchr::memchr(b'<', &content.as_bytes()[from..at]).is_some() {
            of_tag.clear();
        }
        if of_tag.contains(&prefix) {
            return false;
        }
        of_tag.push(prefix);
        from = at;
    }
    true
}

fn ascii_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(named)
}

fn named(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// What follows `&#`: the number of a character that XML knows.
fn reference(after: &str) -> bool {
    let Some((digits, _)) = after.split_once(';') else { return false };
    let number = match digits.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    let char = number.ok().and_then(char::from_u32);
    char.is_some_and(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..) && !digits.contains('+'))
}

fn instruction(content: &str, target: &str) -> bool {
    let after = &content[place(content, target) + target.len()..];
    ascii_name(target) && !target.eq_ignore_ascii_case("xml") && (after.starts_with("?>") || after.starts_with(white))
}

/// Where a part of a text lies in it.
fn place(content: &str, part: &str) -> usize {
    part.as_ptr() as usize - content.as_ptr() as usize
}

/// Whether a local name is one that any parser knows, with a prefix before its colon.
pub fn plain_name(content: &str, local: &str) -> bool {
    let bytes = &content.as_bytes()[..place(content, local)];
    let colon = bytes.last() == Some(&b':');
    local.is_ascii() && !(colon && bytes.len() > 1 && !named(bytes[bytes.len() - 2]))
}
