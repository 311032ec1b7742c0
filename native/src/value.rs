//! Values as XPath types them. What does not fit the plain forms here stops the judgement, and Python judges.

use std::borrow::Cow;
use std::cmp::Ordering;

use smallvec::SmallVec;

/// The native engine is not certain, or the rules end in an error: the document is left to the Python form.
#[derive(Debug, Clone, Copy)]
pub struct Stop;
pub type R<T> = Result<T, Stop>;
pub type Seq<'a> = SmallVec<[Item<'a>; 2]>;

#[derive(Debug, Clone)]
pub enum Item<'a> {
    Node(u32),
    Attr(u32),
    Text(u32),
    Str(Cow<'a, str>),
    /// xs:untypedAtomic
    Unt(Cow<'a, str>),
    Int(i64),
    Dec(Dec),
    Dbl(f64),
    Bool(bool),
    /// Minutes since year 0, and how it was written.
    Date(i64, Cow<'a, str>),
}

impl Item<'_> {
    pub fn is_node(&self) -> bool {
        matches!(self, Item::Node(_) | Item::Attr(_) | Item::Text(_))
    }
}

pub fn white(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// xs:decimal: `mantissa / 10^scale`.
#[derive(Debug, Clone, Copy)]
pub struct Dec {
    high: i64,
    low: u64,
    pub scale: u32,
}

fn ten(power: u32) -> R<i128> {
    10i128.checked_pow(power).ok_or(Stop)
}

impl Dec {
    pub fn new(mantissa: i128, scale: u32) -> Dec {
        Dec { high: (mantissa >> 64) as i64, low: mantissa as u64, scale }
    }

    pub fn of(whole: i64) -> Dec {
        Dec::new(whole as i128, 0)
    }

    pub fn mantissa(self) -> i128 {
        (self.high as i128) << 64 | self.low as i128
    }

    pub fn parse(text: &str) -> R<Dec> {
        let plain = text.trim_matches(white);
        let (negative, digits) = match plain.as_bytes().first() {
            Some(b'-') => (true, &plain[1..]),
            Some(b'+') => (false, &plain[1..]),
            _ => (false, plain),
        };
        let (mut mantissa, mut scale, mut seen, mut point) = (0i128, 0u32, false, false);
        for byte in digits.bytes() {
            match byte {
                b'0'..=b'9' => {
                    seen = true;
                    mantissa =
                        mantissa.checked_mul(10).and_then(|m| m.checked_add((byte - b'0') as i128)).ok_or(Stop)?;
                    scale += point as u32;
                }
                b'.' if !point => point = true,
                _ => return Err(Stop),
            }
        }
        if !seen {
            return Err(Stop);
        }
        Ok(Dec::new(if negative { -mantissa } else { mantissa }, scale))
    }

    fn level(self, other: Dec) -> R<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let a = self.mantissa().checked_mul(ten(scale - self.scale)?).ok_or(Stop)?;
        let b = other.mantissa().checked_mul(ten(scale - other.scale)?).ok_or(Stop)?;
        Ok((a, b, scale))
    }

    pub fn add(self, other: Dec) -> R<Dec> {
        let (a, b, scale) = self.level(other)?;
        Ok(Dec::new(a.checked_add(b).ok_or(Stop)?, scale))
    }

    pub fn neg(self) -> Dec {
        Dec::new(-self.mantissa(), self.scale)
    }

    pub fn mul(self, other: Dec) -> R<Dec> {
        Ok(Dec::new(self.mantissa().checked_mul(other.mantissa()).ok_or(Stop)?, self.scale + other.scale))
    }

    /// The oracle keeps 18 digits after the point, or as many as an operand has; half goes towards zero.
    pub fn div(self, other: Dec) -> R<Dec> {
        let places = 18.max(self.scale).max(other.scale);
        let below = other.mantissa();
        if below == 0 {
            return Err(Stop);
        }
        let above = self.mantissa().checked_mul(ten(places - self.scale + other.scale)?).ok_or(Stop)?;
        let (mut quotient, rest) = (above / below, above % below);
        if rest.unsigned_abs().checked_mul(2).ok_or(Stop)? > below.unsigned_abs() {
            quotient += if (above < 0) == (below < 0) { 1 } else { -1 };
        }
        Ok(Dec::new(quotient, places))
    }

    pub fn rem(self, other: Dec) -> R<Dec> {
        let (a, b, scale) = self.level(other)?;
        if b == 0 {
            return Err(Stop);
        }
        Ok(Dec::new(a % b, scale))
    }

    pub fn cmp(self, other: Dec) -> R<Ordering> {
        let (a, b, _) = self.level(other)?;
        Ok(a.cmp(&b))
    }

    pub fn floor(self) -> R<Dec> {
        Ok(Dec::new(self.mantissa().div_euclid(ten(self.scale)?), 0))
    }

    /// Half towards positive infinity.
    pub fn round(self) -> R<Dec> {
        self.add(Dec::new(5, 1))?.floor()
    }

    pub fn whole(self) -> R<i64> {
        (self.mantissa() / ten(self.scale)?).try_into().map_err(|_| Stop)
    }

    pub fn double(self) -> R<f64> {
        let mantissa = self.mantissa();
        if mantissa.unsigned_abs() < 1 << 53 && self.scale <= 22 {
            return Ok(mantissa as f64 / 10f64.powi(self.scale as i32));
        }
        self.text().parse().map_err(|_| Stop)
    }

    pub fn text(self) -> String {
        let digits = format!("{:0width$}", self.mantissa().unsigned_abs(), width = self.scale as usize + 1);
        let (whole, part) = digits.split_at(digits.len() - self.scale as usize);
        let part = part.trim_end_matches('0');
        let sign = if self.mantissa() < 0 { "-" } else { "" };
        if part.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{part}")
        }
    }
}

/// Whether a text is written as a number of XML Schema, without its names for infinity.
fn plain_double(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let run = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = run(at);
    at += whole;
    let mut part = 0;
    if bytes.get(at) == Some(&b'.') {
        part = run(at + 1);
        at += 1 + part;
    }
    if whole + part == 0 {
        return false;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        let power = run(at);
        if power == 0 {
            return false;
        }
        at += power;
    }
    at == bytes.len()
}

fn named(text: &str) -> Option<f64> {
    match text {
        "INF" | "+INF" => Some(f64::INFINITY),
        "-INF" => Some(f64::NEG_INFINITY),
        "NaN" => Some(f64::NAN),
        _ => None,
    }
}

/// xs:double of a text.
pub fn double(text: &str) -> R<f64> {
    let plain = text.trim_matches(white);
    if plain_double(plain) {
        return plain.parse().map_err(|_| Stop);
    }
    named(plain).ok_or(Stop)
}

/// fn:number of a text.
pub fn number(text: &str) -> f64 {
    double(text).unwrap_or(f64::NAN)
}

pub fn integer(text: &str) -> R<i64> {
    let plain = text.trim_matches(white);
    let digits = plain.strip_prefix(['+', '-']).unwrap_or(plain);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Stop);
    }
    plain.strip_prefix('+').unwrap_or(plain).parse().map_err(|_| Stop)
}

pub fn boolean(text: &str) -> R<bool> {
    match text.trim_matches(white) {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Stop),
    }
}

pub fn double_text(number: f64) -> R<String> {
    if number.is_nan() {
        return Ok("NaN".into());
    }
    if number == 0.0 {
        return Ok(if number.is_sign_negative() { "-0" } else { "0" }.into());
    }
    if (1e-6..1e6).contains(&number.abs()) {
        return Ok(format!("{number}"));
    }
    if number.is_infinite() {
        return Ok(if number > 0.0 { "INF" } else { "-INF" }.into());
    }
    let text = format!("{number:e}");
    let (mantissa, exponent) = text.split_once('e').ok_or(Stop)?;
    let point = if mantissa.contains('.') { "" } else { ".0" };
    Ok(format!("{mantissa}{point}E{exponent}"))
}

/// xs:date, in minutes; without a zone it is UTC, as the oracle takes it.
pub fn date(text: &str) -> R<i64> {
    let plain = text.trim_matches(white);
    let bytes = plain.as_bytes();
    if bytes.len() < 10 || !plain.is_ascii() || bytes[4] != b'-' || bytes[7] != b'-' {
        return Err(Stop);
    }
    let part = |from: usize, to: usize| -> R<i64> {
        if !bytes[from..to].iter().all(u8::is_ascii_digit) {
            return Err(Stop);
        }
        plain[from..to].parse().map_err(|_| Stop)
    };
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let offset = match &plain[10..] {
        "" | "Z" => 0,
        zone => {
            if zone.len() != 6 || !matches!(bytes[10], b'+' | b'-') || bytes[13] != b':' {
                return Err(Stop);
            }
            let (hours, minutes) = (part(11, 13)?, part(14, 16)?);
            if hours > 14 || minutes > 59 || (hours == 14 && minutes > 0) {
                return Err(Stop);
            }
            (hours * 60 + minutes) * if bytes[10] == b'+' { 1 } else { -1 }
        }
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if !(1..=12).contains(&month) || day < 1 || day > days[month as usize - 1] {
        return Err(Stop);
    }
    let y = year - 1;
    let before: i64 = days[..month as usize - 1].iter().sum();
    Ok((y * 365 + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + before + day) * 1440 - offset)
}

pub fn normalize(text: Cow<'_, str>) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is = |b: u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n');
    let mut before = true;
    let mut clean = true;
    for &byte in bytes {
        let space = is(byte);
        if space && (before || byte != b' ') {
            clean = false;
            break;
        }
        before = space;
    }
    if clean && (bytes.is_empty() || !before) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split(white).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    Cow::Owned(out)
}
