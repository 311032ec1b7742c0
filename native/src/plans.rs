//! What is asked at each place: a place is a path of names, and documents of a kind have few of them.

use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;

use crate::program::{Ex, NodeKind, Part, Program, Rule, Test, F};
use crate::tree::{Names, Tag, Tree, ODD};

/// Places beyond this are worked out for their document alone.
const MOST: usize = 20_000;

/// A predicate still to be asked, of the element so many levels up.
#[derive(Debug)]
pub struct Asked {
    pub levels: u32,
    pub alternative: usize,
    pub part: usize,
    pub condition: usize,
}

pub type Way = Vec<Asked>;

/// For each pattern its rules that may match here, up to the first that does so without further question.
pub type Chain = Vec<(usize, Vec<Way>)>;

#[derive(Debug, Default)]
pub struct Plan {
    pub chains: Vec<Chain>,
}

#[derive(Debug, Default)]
struct Known {
    below: FxHashMap<Tag, usize>,
    plan: Arc<Plan>,
}

/// All places met so far; the first is the document.
#[derive(Debug)]
pub struct Plans(Mutex<Vec<Known>>);

impl Default for Plans {
    fn default() -> Self {
        Plans(Mutex::new(vec![Known::default()]))
    }
}

impl Program {
    /// The plan of each of the document's places.
    pub fn plans(&self, tree: &Tree) -> Vec<Arc<Plan>> {
        let mut known = self.plans.0.lock().unwrap();
        let mut at: Vec<Option<usize>> = vec![Some(0)];
        let mut made = vec![Arc::new(Plan::default())];
        for &(above, tag) in &tree.places[1..] {
            let found = at[above as usize].and_then(|above| known[above].below.get(&tag).copied());
            if let Some(found) = found {
                at.push(Some(found));
                made.push(known[found].plan.clone());
                continue;
            }
            let plan = Arc::new(self.plan(tree, &tree.path_of(at.len() as u32)));
            made.push(plan.clone());
            // What no rule set names is of this document alone.
            at.push(match at[above as usize] {
                Some(above) if tag < ODD && known.len() < MOST => {
                    let place = known.len();
                    known.push(Known { below: FxHashMap::default(), plan });
                    known[above].below.insert(tag, place);
                    Some(place)
                }
                _ => None,
            });
        }
        made
    }

    fn plan(&self, tree: &Tree, path: &[Tag]) -> Plan {
        let names = crate::tree::names().read().unwrap();
        let mut chains: Vec<Chain> = Vec::new();
        let (mut pattern, mut closed) = (usize::MAX, false);
        for &at in self.by_tag.get(path.last().unwrap_or(&0)).unwrap_or(&self.open) {
            let rule = &self.rules[at];
            if rule.pattern != pattern {
                (pattern, closed) = (rule.pattern, false);
                chains.push(Vec::new());
            }
            if closed {
                continue;
            }
            let ways = self.ways(tree, &names, rule, path);
            if ways.is_empty() {
                continue;
            }
            closed = ways.iter().any(Vec::is_empty);
            let ways = if closed { Vec::new() } else { ways };
            chains.last_mut().unwrap().push((at, ways));
        }
        for chain in &mut chains {
            while chain.last().is_some_and(|(at, _)| self.rules[*at].checks.is_empty()) {
                chain.pop();
            }
        }
        chains.retain(|chain| !chain.is_empty());
        Plan { chains }
    }

    fn ways(&self, tree: &Tree, names: &Names, rule: &Rule, path: &[Tag]) -> Vec<Way> {
        let mut ways = Vec::new();
        for (number, alternative) in rule.context.iter().enumerate() {
            if alternative.parts.last().is_none_or(|last| last.kind != NodeKind::Element) {
                continue;
            }
            let mut levels = Vec::new();
            let parts = &alternative.parts;
            let fits = |part: &Part, tag: Tag| fits(tree, names, &part.test, tag);
            lies(parts, alternative.rooted, path, path.len(), &fits, &mut levels, &mut |levels| {
                let mut way = Way::new();
                for (at, (&level, part)) in levels.iter().rev().zip(parts).enumerate() {
                    let (_, local) = tree.name_among(names, path[level - 1]);
                    for (condition, pred) in part.preds.iter().enumerate() {
                        match settled(&pred.ex, local) {
                            Some(true) => {}
                            Some(false) => return,
                            None => way.push(Asked {
                                levels: (path.len() - level) as u32,
                                alternative: number,
                                part: at,
                                condition,
                            }),
                        }
                    }
                }
                ways.push(way);
            });
        }
        ways
    }
}

/// What the local name of an element says of a predicate; None where more must be asked.
fn settled(ex: &Ex, local: &str) -> Option<bool> {
    match ex {
        Ex::Call(F::Not, a) => settled(&a[0], local).map(|truth| !truth),
        Ex::Call(F::EndsWith, a) => match (&a[0], &a[1]) {
            (Ex::Call(F::LocalName, of), Ex::Str(end)) if matches!(of[0], Ex::Dot) => Some(local.ends_with(&**end)),
            _ => None,
        },
        Ex::And(operands) => {
            let known: Vec<_> = operands.iter().map(|operand| settled(operand, local)).collect();
            if known.contains(&Some(false)) {
                Some(false)
            } else if known.contains(&None) {
                None
            } else {
                Some(true)
            }
        }
        _ => None,
    }
}

fn fits(tree: &Tree, names: &Names, test: &Test, tag: Tag) -> bool {
    match test {
        Test::Name(wanted) => *wanted == tag,
        Test::Open(uri, local) => {
            let (own_uri, own_local) = tree.name_among(names, tag);
            uri.as_ref().is_none_or(|uri| **uri == *own_uri) && local.as_ref().is_none_or(|l| **l == *own_local)
        }
        Test::Element => true,
        _ => false,
    }
}

/// Every way the parts lie on the first `end` names of the path; levels from 1 for the root element, last part first.
fn lies(
    parts: &[Part],
    rooted: bool,
    path: &[Tag],
    end: usize,
    fits: &dyn Fn(&Part, Tag) -> bool,
    levels: &mut Vec<usize>,
    found: &mut dyn FnMut(&[usize]),
) {
    let Some((last, above)) = parts.split_last() else { return };
    if end == 0 || !fits(last, path[end - 1]) {
        return;
    }
    levels.push(end);
    if above.is_empty() {
        if !rooted || last.deep || end == 1 {
            found(levels);
        }
    } else if last.deep {
        for upper in (1..end).rev() {
            lies(above, rooted, path, upper, fits, levels, found);
        }
    } else {
        lies(above, rooted, path, end - 1, fits, levels, found);
    }
    levels.pop();
}
