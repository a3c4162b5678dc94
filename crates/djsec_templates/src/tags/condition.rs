//! The conditions of `{% if %}`, as `django.template.smartif` reads them.

use super::Reader;
use crate::error::{ErrorCode, Fault};
use crate::filter::FilterExpression;
use crate::tree::Word;

/// Conditions are not read deeper than this: `not not not …`.
const MAX_DEPTH: usize = 100;

/// The condition of `{% if %}` or `{% elif %}`.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// The truth of a value.
    Value(FilterExpression),
    /// `not a`
    Not(Box<Self>),
    /// `a and b and c`
    And(Vec<Self>),
    /// `a or b or c`
    Or(Vec<Self>),
    /// `a == b` and its like.
    Compare(Comparison, Box<[Self; 2]>),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
}

impl Comparison {
    /// How it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Is => "is",
            Self::IsNot => "is not",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Less => "<",
            Self::LessEqual => "<=",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "in" => Self::In,
            "is" => Self::Is,
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterEqual,
            "<" => Self::Less,
            "<=" => Self::LessEqual,
            _ => return None,
        })
    }
}

impl Condition {
    /// The values in it, in order.
    pub fn values(&self) -> Vec<&FilterExpression> {
        let (mut values, mut pending) = (Vec::new(), vec![self]);
        while let Some(condition) = pending.pop() {
            match condition {
                Self::Value(value) => values.push(value),
                Self::Not(inner) => pending.push(inner),
                Self::And(parts) | Self::Or(parts) => pending.extend(parts.iter().rev()),
                Self::Compare(_, sides) => pending.extend(sides.iter().rev()),
            }
        }
        values
    }
}

enum Item {
    Value(Box<str>, FilterExpression),
    Not,
    And,
    Or,
    Compare(Comparison),
}

impl Item {
    /// How strongly it binds what stands to its left.
    fn power(&self) -> u8 {
        match self {
            Self::Value(..) => 0,
            Self::Or => 6,
            Self::And => 7,
            Self::Not => 8,
            Self::Compare(Comparison::In | Comparison::NotIn) => 9,
            Self::Compare(_) => 10,
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Value(text, _) => text,
            Self::Not => "not",
            Self::And => "and",
            Self::Or => "or",
            Self::Compare(comparison) => comparison.as_str(),
        }
    }
}

/// Reads the words after `if` or `elif`.
pub(crate) fn condition(reader: &mut Reader<'_, '_>, words: &[Word]) -> Result<Condition, Fault> {
    let items = items(reader, words)?;
    let mut parser = Parser { items: items.into_iter().peekable() };
    let (condition, _) = parser.expression(0, 0)?;
    match parser.items.next() {
        None => Ok(condition),
        Some(item) => refuse(format!("Unused '{}' at end of if expression.", item.text())),
    }
}

fn items(reader: &mut Reader<'_, '_>, mut words: &[Word]) -> Result<Vec<Item>, Fault> {
    let mut items = Vec::new();
    while let Some((word, rest)) = words.split_first() {
        words = rest;
        let next = rest.first().map_or("", |next| &next.text);
        let (item, taken) = match (&*word.text, next) {
            ("is", "not") => (Item::Compare(Comparison::IsNot), 1),
            ("not", "in") => (Item::Compare(Comparison::NotIn), 1),
            ("not", _) => (Item::Not, 0),
            ("and", _) => (Item::And, 0),
            ("or", _) => (Item::Or, 0),
            (text, _) => match Comparison::parse(text) {
                Some(comparison) => (Item::Compare(comparison), 0),
                None => (Item::Value(text.into(), reader.expression(word)?), 0),
            },
        };
        words = words.get(taken..).unwrap_or_default();
        items.push(item);
    }
    Ok(items)
}

fn refuse<T>(message: String) -> Result<T, Fault> {
    Err(Fault::new(ErrorCode::Condition, message))
}

struct Parser {
    items: std::iter::Peekable<std::vec::IntoIter<Item>>,
}

impl Parser {
    /// An expression of what binds stronger than `power`, and how deep it is.
    fn expression(&mut self, power: u8, level: usize) -> Result<(Condition, usize), Fault> {
        let (mut left, mut depth) = self.prefix(level)?;
        while let Some(item) = self.items.next_if(|item| power < item.power()) {
            if matches!(item, Item::Not) {
                return refuse("Not expecting 'not' as infix operator in if tag.".to_owned());
            }
            let (right, right_depth) = self.expression(item.power(), level + 1)?;
            let chain = matches!(
                (&item, &left),
                (Item::And, Condition::And(_)) | (Item::Or, Condition::Or(_))
            );
            depth = depth.max(right_depth) + usize::from(!chain);
            within_bounds(depth)?;
            left = join(&item, left, right);
        }
        Ok((left, depth))
    }

    fn prefix(&mut self, level: usize) -> Result<(Condition, usize), Fault> {
        within_bounds(level)?;
        match self.items.next() {
            Some(Item::Value(_, value)) => Ok((Condition::Value(value), 1)),
            Some(Item::Not) => {
                let (inner, depth) = self.expression(Item::Not.power(), level + 1)?;
                Ok((Condition::Not(Box::new(inner)), depth + 1))
            }
            Some(item) => {
                refuse(format!("Not expecting '{}' in this position in if tag.", item.text()))
            }
            None => refuse("Unexpected end of expression in if tag.".to_owned()),
        }
    }
}

fn join(item: &Item, left: Condition, right: Condition) -> Condition {
    match (item, left) {
        (Item::And, Condition::And(mut parts)) => {
            parts.push(right);
            Condition::And(parts)
        }
        (Item::Or, Condition::Or(mut parts)) => {
            parts.push(right);
            Condition::Or(parts)
        }
        (Item::And, left) => Condition::And(vec![left, right]),
        (Item::Compare(comparison), left) => {
            Condition::Compare(*comparison, Box::new([left, right]))
        }
        (_, left) => Condition::Or(vec![left, right]),
    }
}

fn within_bounds(depth: usize) -> Result<(), Fault> {
    if depth <= MAX_DEPTH {
        return Ok(());
    }
    Err(Fault::new(ErrorCode::Limit, "a condition that is deeper than is read"))
}
