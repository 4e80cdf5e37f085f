//! Arguments of statements.

use super::{Error, Result};
use model::{clock, id};
use std::borrow::Cow;

/// A borrowed argument of a statement. Made with [`args!`](crate::args).
#[derive(Debug, Clone, Copy)]
pub enum Arg<'a> {
    /// NULL of any type.
    Null,
    /// BOOLEAN; 0 or 1 on SQLite.
    Bool(bool),
    /// BIGINT.
    I64(i64),
    /// DOUBLE PRECISION.
    F64(f64),
    /// TEXT; refused when it contains NUL, which PostgreSQL cannot store.
    Text(&'a str),
    /// BYTEA or BLOB.
    Bytes(&'a [u8]),
}

/// The arguments of one statement: `args![id, &name, option]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        &[$($crate::db::Arg::from($value)),*][..]
    };
}

macro_rules! from {
    ($($type:ty => |$value:ident| $arg:expr),* $(,)?) => {$(
        impl<'a> From<$type> for Arg<'a> {
            fn from($value: $type) -> Self {
                $arg
            }
        }
    )*};
}

from! {
    bool => |v| Arg::Bool(v),
    i64 => |v| Arg::I64(v),
    i32 => |v| Arg::I64(i64::from(v)),
    u32 => |v| Arg::I64(i64::from(v)),
    u16 => |v| Arg::I64(i64::from(v)),
    u8 => |v| Arg::I64(i64::from(v)),
    f64 => |v| Arg::F64(v),
    &'a bool => |v| Arg::Bool(*v),
    &'a i64 => |v| Arg::I64(*v),
    &'a f64 => |v| Arg::F64(*v),
    &'a str => |v| Arg::Text(v),
    &'a &'a str => |v| Arg::Text(v),
    &'a String => |v| Arg::Text(v),
    &'a Cow<'a, str> => |v| Arg::Text(v),
    &'a [u8] => |v| Arg::Bytes(v),
    &'a Vec<u8> => |v| Arg::Bytes(v),
    &'a Option<String> => |v| v.as_deref().into(),
    &'a Option<i64> => |v| (*v).into(),
}

impl<'a, const N: usize> From<&'a [u8; N]> for Arg<'a> {
    fn from(v: &'a [u8; N]) -> Self {
        Arg::Bytes(v)
    }
}

impl<'a, T: Into<Arg<'a>>> From<Option<T>> for Arg<'a> {
    fn from(v: Option<T>) -> Self {
        v.map_or(Arg::Null, Into::into)
    }
}

/// Types of the model that are one number.
macro_rules! from_newtypes {
    ($($type:ty),* $(,)?) => {$(
        impl From<$type> for Arg<'_> {
            fn from(v: $type) -> Self {
                Arg::I64(v.0)
            }
        }
        impl From<&$type> for Arg<'_> {
            fn from(v: &$type) -> Self {
                Arg::I64(v.0)
            }
        }
        impl From<&Option<$type>> for Arg<'_> {
            fn from(v: &Option<$type>) -> Self {
                (*v).into()
            }
        }
    )*};
}
super::newtypes!(from_newtypes);

impl Arg<'_> {
    /// Refuses on both engines what one of them cannot store.
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Arg::Text(text) if text.as_bytes().contains(&0) => Err(Error::Nul),
            _ => Ok(()),
        }
    }
}
