//! How arguments are sent: in the binary form of the parameter's type, which must match.

use crate::db::{Arg, Column};
use bytes::BytesMut;
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};

type BoxedError = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Arg<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, BoxedError> {
        self.check()?;
        match *self {
            Arg::Null => Ok(IsNull::Yes),
            Arg::Bool(v) if *ty == Type::BOOL => v.to_sql(ty, out),
            Arg::I64(v) if *ty == Type::INT8 => v.to_sql(ty, out),
            Arg::I64(v) if *ty == Type::INT4 => i32::try_from(v)?.to_sql(ty, out),
            Arg::F64(v) if *ty == Type::FLOAT8 => v.to_sql(ty, out),
            Arg::Text(v) if <&str as ToSql>::accepts(ty) => v.to_sql(ty, out),
            Arg::Bytes(v) if *ty == Type::BYTEA => v.to_sql(ty, out),
            _ => Err(format!("an argument does not fit the type {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Binary
    }

    to_sql_checked!();
}

/// Whether some [`Arg`] fits a parameter of this type.
pub(super) fn is_parameter(ty: &Type) -> bool {
    is_column(ty) || *ty == Type::INT4
}

/// Whether [`Row::get`](crate::db::Row::get) reads a column of this type.
pub(super) fn is_column(ty: &Type) -> bool {
    [Type::BOOL, Type::INT8, Type::FLOAT8, Type::TEXT, Type::BYTEA].contains(ty)
}

pub(super) fn column_type(column: Column) -> Type {
    match column {
        Column::Bool => Type::BOOL,
        Column::I64 => Type::INT8,
        Column::F64 => Type::FLOAT8,
        Column::Text => Type::TEXT,
        Column::Bytes => Type::BYTEA,
    }
}
