//! XPath's functions.

use std::borrow::Cow;

use crate::eval::{all, text_of, Cx, Focus, Scope};
use crate::program::{Ex, Rx, F};
use crate::value::{double, normalize, number, white, Dec, Item, Seq, Stop, R};

type Take<'t, 'a> = &'t mut dyn FnMut(&Item<'a>) -> R<bool>;

/// Functions that give a truth; None for the others.
pub fn truth<'a>(cx: &Cx<'a>, call: F, a: &'a [Ex], f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Option<bool>> {
    Ok(Some(match call {
        F::True => true,
        F::False => false,
        F::Not => !cx.truth(&a[0], f, env)?,
        F::Boolean => cx.truth(&a[0], f, env)?,
        F::Exists => exists(cx, &a[0], f, env)?,
        F::Empty => !exists(cx, &a[0], f, env)?,
        F::Contains | F::StartsWith | F::EndsWith => {
            let (whole, part) = (cx.string(&a[0], f, env)?, cx.string(&a[1], f, env)?);
            match call {
                F::Contains => whole.contains(part.as_ref()),
                F::StartsWith => whole.starts_with(part.as_ref()),
                _ => whole.ends_with(part.as_ref()),
            }
        }
        F::Normalize => match (&a[0], f.item) {
            (Ex::Dot, Item::Node(node)) => cx.tree.value(*node).chars().any(|c| !white(c)),
            _ => cx.string(&a[0], f, env)?.chars().any(|c| !white(c)),
        },
        _ => return Ok(None),
    }))
}

fn exists<'a>(cx: &Cx<'a>, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<bool> {
    Ok(!cx.each(ex, f, env, &mut |_| Ok(false))?)
}

/// Whether a function gives at most one item.
pub fn single(call: F) -> bool {
    !matches!(call, F::Reverse | F::Distinct | F::Data | F::ZeroOrOne | F::ExactlyOne | F::ToCodes)
}

pub fn call<'a>(
    cx: &Cx<'a>,
    call: F,
    a: &'a [Ex],
    f: Focus<'_, 'a>,
    env: Scope<'_, 'a>,
    take: Take<'_, 'a>,
) -> R<bool> {
    if call == F::ToCodes {
        for c in cx.string(&a[0], f, env)?.chars() {
            if !take(&Item::Int(c as i64))? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    if !single(call) {
        return all(&of_sequence(cx, call, cx.seq(&a[0], f, env)?)?, take);
    }
    value(cx, call, a, f, env)?.map_or(Ok(true), |item| take(&item))
}

/// The item of a function that gives at most one.
pub fn value<'a>(cx: &Cx<'a>, call: F, a: &'a [Ex], f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Option<Item<'a>>> {
    Ok(Some(match call {
        F::True | F::False | F::Not | F::Boolean | F::Exists | F::Empty | F::Contains | F::StartsWith | F::EndsWith => {
            Item::Bool(truth(cx, call, a, f, env)?.ok_or(Stop)?)
        }
        F::Count => {
            let mut count = 0;
            cx.each(&a[0], f, env, &mut |_| {
                count += 1;
                Ok(true)
            })?;
            Item::Int(count)
        }
        F::Position => Item::Int(f.pos as i64),
        F::Last => Item::Int(f.last as i64),
        F::Sum => summed(cx, &cx.seq(&a[0], f, env)?)?,
        F::Max | F::Min => return extreme(cx, call == F::Min, &cx.seq(&a[0], f, env)?),
        F::Number => Item::Dbl(match cx.atom(&a[0], f, env)? {
            None => f64::NAN,
            Some(Item::Str(text) | Item::Unt(text)) => number(&text),
            Some(Item::Dbl(number)) => number,
            Some(Item::Int(number)) if number.unsigned_abs() < 1 << 53 => number as f64,
            Some(Item::Dec(number)) => number.double()?,
            Some(Item::Bool(truth)) => f64::from(u8::from(truth)),
            Some(_) => return Err(Stop),
        }),
        F::Round | F::Floor | F::Ceiling | F::Abs => match cx.number(&a[0], f, env)? {
            None => return Ok(None),
            Some(item) => rounded(call, item)?,
        },
        F::LocalName | F::NamespaceUri => Item::Str(Cow::Owned(match cx.one(&a[0], f, env)? {
            None => String::new(),
            Some(item) => named(cx, call, &item)?,
        })),
        F::Length => Item::Int(length(&cx.string(&a[0], f, env)?)),
        _ => Item::Str(of_strings(cx, call, a, f, env)?),
    }))
}

fn named(cx: &Cx<'_>, call: F, item: &Item<'_>) -> R<String> {
    let tag = match item {
        Item::Node(node) => cx.tree.nodes[*node as usize].tag,
        Item::Attr(attr) => cx.tree.attrs[*attr as usize].name,
        Item::Text(_) => return Ok(String::new()),
        _ => return Err(Stop),
    };
    if tag == crate::tree::NO_NAME {
        return Ok(String::new());
    }
    let (uri, local) = cx.tree.name(tag);
    Ok(if call == F::LocalName { local } else { uri })
}

fn of_sequence<'a>(cx: &Cx<'a>, call: F, mut items: Seq<'a>) -> R<Seq<'a>> {
    match call {
        F::Reverse => items.reverse(),
        F::Data => return Ok(items.iter().map(|item| cx.atomized(item)).collect()),
        F::ZeroOrOne if items.len() > 1 => return Err(Stop),
        F::ExactlyOne if items.len() != 1 => return Err(Stop),
        F::Distinct => {
            let mut seen = rustc_hash::FxHashSet::default();
            let mut out = Seq::new();
            for item in items {
                let item = cx.atomized(&item);
                let (Item::Str(text) | Item::Unt(text)) = &item else { return Err(Stop) };
                if seen.insert(text.clone()) {
                    out.push(item);
                }
            }
            return Ok(out);
        }
        _ => {}
    }
    Ok(items)
}

/// fn:sum: exact where all are, xs:double of untyped values, one after the other.
fn summed<'a>(cx: &Cx<'a>, items: &[Item<'a>]) -> R<Item<'a>> {
    let mut total: Option<Item<'a>> = None;
    for item in items {
        let item = match cx.atomized(item) {
            Item::Unt(text) => Item::Dbl(double(&text)?),
            item @ (Item::Int(_) | Item::Dec(_) | Item::Dbl(_)) => item,
            _ => return Err(Stop),
        };
        total = Some(match (total, item) {
            (None, item) => item,
            (Some(Item::Dbl(a)), Item::Dbl(b)) => Item::Dbl(a + b),
            (Some(Item::Int(a)), Item::Int(b)) => Item::Int(a.checked_add(b).ok_or(Stop)?),
            (Some(Item::Dec(a)), Item::Dec(b)) => Item::Dec(a.add(b)?),
            (Some(Item::Dec(a)), Item::Int(b)) | (Some(Item::Int(b)), Item::Dec(a)) => Item::Dec(a.add(Dec::of(b))?),
            _ => return Err(Stop),
        });
    }
    Ok(total.unwrap_or(Item::Int(0)))
}

fn extreme<'a>(cx: &Cx<'a>, least: bool, items: &[Item<'a>]) -> R<Option<Item<'a>>> {
    let mut best: Option<f64> = None;
    let mut exact: Option<Dec> = None;
    let mut whole = true;
    for item in items {
        match cx.atomized(item) {
            Item::Unt(text) => {
                let number = double(&text)?;
                if number.is_nan() {
                    return Err(Stop);
                }
                if best.is_none_or(|known| if least { number < known } else { number > known }) {
                    best = Some(number);
                }
            }
            item @ (Item::Int(_) | Item::Dec(_)) => {
                let number = match item {
                    Item::Int(number) => Dec::of(number),
                    Item::Dec(number) => {
                        whole = false;
                        number
                    }
                    _ => return Err(Stop),
                };
                let better = match exact {
                    None => true,
                    Some(known) => {
                        number.cmp(known)? == if least { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater }
                    }
                };
                if better {
                    exact = Some(number);
                }
            }
            _ => return Err(Stop),
        }
    }
    match (best, exact) {
        (Some(_), Some(_)) => Err(Stop),
        (Some(number), None) => Ok(Some(Item::Dbl(number))),
        (None, Some(number)) if whole => Ok(Some(Item::Int(number.whole()?))),
        (None, Some(number)) => Ok(Some(Item::Dec(number))),
        (None, None) => Ok(None),
    }
}

fn rounded<'a>(call: F, item: Item<'a>) -> R<Item<'a>> {
    Ok(match item {
        Item::Int(number) if call == F::Abs => Item::Int(number.checked_abs().ok_or(Stop)?),
        Item::Int(number) => Item::Int(number),
        Item::Dec(number) => Item::Dec(match call {
            F::Round => number.round()?,
            F::Floor => number.floor()?,
            F::Ceiling => number.neg().floor()?.neg(),
            _ if number.mantissa() < 0 => number.neg(),
            _ => number,
        }),
        Item::Dbl(number) => Item::Dbl(match call {
            F::Round => round_double(number),
            F::Floor => number.floor(),
            F::Ceiling => number.ceil(),
            _ => number.abs(),
        }),
        _ => return Err(Stop),
    })
}

fn round_double(number: f64) -> f64 {
    if number.is_nan() || number.abs() >= 4503599627370496.0 {
        return number;
    }
    let whole = number.floor();
    let result = if number - whole >= 0.5 { whole + 1.0 } else { whole };
    if result == 0.0 {
        result.copysign(number)
    } else {
        result
    }
}

fn of_strings<'a>(cx: &Cx<'a>, call: F, a: &'a [Ex], f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Cow<'a, str>> {
    let any = |ex: &'a Ex| -> R<Cow<'a, str>> {
        match cx.atom(ex, f, env)? {
            None => Ok(Cow::Borrowed("")),
            Some(item) => text_of(item),
        }
    };
    Ok(match call {
        F::Normalize => normalize(cx.string(&a[0], f, env)?),
        F::String => any(&a[0])?,
        F::Concat => {
            let mut out = String::new();
            for ex in a {
                out.push_str(&any(ex)?);
            }
            Cow::Owned(out)
        }
        F::Join => {
            // xs:string is asked for, not xs:string?.
            if a.len() > 1 && cx.atom(&a[1], f, env)?.is_none() {
                return Err(Stop);
            }
            let between = if a.len() > 1 { cx.string(&a[1], f, env)? } else { Cow::Borrowed("") };
            let mut out = String::new();
            for (at, item) in cx.seq(&a[0], f, env)?.iter().enumerate() {
                if at > 0 {
                    out.push_str(&between);
                }
                out.push_str(&text_of(cx.atomized(item))?);
            }
            Cow::Owned(out)
        }
        F::Upper => Cow::Owned(cased(cx.string(&a[0], f, env)?)?.to_uppercase()),
        F::Lower => Cow::Owned(cased(cx.string(&a[0], f, env)?)?.to_lowercase()),
        F::After | F::Before => cut(call, cx.string(&a[0], f, env)?, &cx.string(&a[1], f, env)?),
        F::Translate => {
            // xs:string is asked for, not xs:string?.
            let (Some(_), Some(_)) = (cx.atom(&a[1], f, env)?, cx.atom(&a[2], f, env)?) else { return Err(Stop) };
            let (text, old, new) = (cx.string(&a[0], f, env)?, cx.string(&a[1], f, env)?, cx.string(&a[2], f, env)?);
            let new: Vec<char> = new.chars().collect();
            let swap = |c: char| match old.chars().position(|o| o == c) {
                None => Some(c),
                Some(at) => new.get(at).copied(),
            };
            Cow::Owned(text.chars().filter_map(swap).collect())
        }
        F::FromCodes => {
            let mut out = String::new();
            for item in cx.seq(&a[0], f, env)? {
                let Item::Int(code) = item else { return Err(Stop) };
                out.push(u32::try_from(code).ok().and_then(char::from_u32).ok_or(Stop)?);
            }
            Cow::Owned(out)
        }
        F::Substring => substring(cx, a, f, env)?,
        _ => return Err(Stop),
    })
}

/// A text of letters old enough that any version of Unicode gives them the same case.
fn cased(text: Cow<'_, str>) -> R<Cow<'_, str>> {
    if text.chars().all(|c| c < '\u{590}') {
        Ok(text)
    } else {
        Err(Stop)
    }
}

fn cut<'a>(call: F, text: Cow<'a, str>, part: &str) -> Cow<'a, str> {
    let found = if part.is_empty() { Some(0) } else { text.find(part) };
    let (from, to) = match (found, call) {
        (Some(at), F::After) => (at + part.len(), text.len()),
        (Some(at), _) => (0, at),
        (None, _) => (0, 0),
    };
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[from..to]),
        Cow::Owned(text) => Cow::Owned(text[from..to].to_string()),
    }
}

/// fn:substring; positions are rounded as fn:round does it.
fn substring<'a>(cx: &Cx<'a>, a: &'a [Ex], f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Cow<'a, str>> {
    let text = cx.string(&a[0], f, env)?;
    let place = |ex: &'a Ex| -> R<f64> {
        match cx.number(ex, f, env)? {
            Some(Item::Int(number)) => Ok(number as f64),
            Some(Item::Dbl(number)) => Ok(number),
            Some(Item::Dec(number)) => number.double(),
            _ => Err(Stop),
        }
    };
    let first = round_double(place(&a[1])?);
    let last = if a.len() > 2 { first + round_double(place(&a[2])?) } else { f64::INFINITY };
    if first.is_nan() || last.is_nan() {
        return Ok(Cow::Borrowed(""));
    }
    let inside = |at: usize| (at + 1) as f64 >= first && ((at + 1) as f64) < last;
    let mut bytes =
        text.char_indices().enumerate().filter(|(at, _)| inside(*at)).map(|(_, (byte, c))| (byte, byte + c.len_utf8()));
    let Some((from, end)) = bytes.next() else { return Ok(Cow::Borrowed("")) };
    let to = bytes.last().map_or(end, |(_, end)| end);
    Ok(match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[from..to]),
        Cow::Owned(text) => Cow::Owned(text[from..to].to_string()),
    })
}

pub fn tokenize<'a>(text: Cow<'a, str>, by: Option<&Rx>, take: Take<'_, 'a>) -> R<bool> {
    let parts: Vec<(usize, usize)> = match by {
        None => text
            .split(white)
            .filter(|word| !word.is_empty())
            .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word.len()))
            .collect(),
        Some(_) if text.is_empty() => vec![],
        Some(rx) => {
            let (mut parts, mut at) = (vec![], 0);
            for found in rx.of(&text)?.find_iter(&text) {
                parts.push((at, found.start() - at));
                at = found.end();
            }
            parts.push((at, text.len() - at));
            parts
        }
    };
    for (from, length) in parts {
        let word = match &text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[from..from + length]),
            Cow::Owned(text) => Cow::Owned(text[from..from + length].to_string()),
        };
        if !take(&Item::Str(word))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// fn:string-length
fn length(text: &str) -> i64 {
    (if text.is_ascii() { text.len() } else { text.chars().count() }) as i64
}
