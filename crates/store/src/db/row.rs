//! Rows of results.

use super::{Error, Result, postgres, sqlite};
use model::{clock, id};

/// One row of a result, of either engine.
pub struct Row<'r>(pub(super) Cells<'r>);

pub(super) enum Cells<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

impl Row<'_> {
    /// The value in column `index`, counted from 0. Fails on NULL unless `T` is an `Option`.
    pub fn get<T: Col>(&self, index: usize) -> Result<T> {
        T::read(self, index)?.ok_or_else(|| Error::Sql(format!("column {index} is NULL")))
    }

    fn cell<T>(&self, index: usize) -> Result<Option<T>>
    where
        T: rusqlite::types::FromSql + for<'a> tokio_postgres::types::FromSql<'a>,
    {
        match self.0 {
            Cells::Sqlite(row) => row.get(index).map_err(sqlite::error),
            Cells::Postgres(row) => row.try_get(index).map_err(|e| postgres::error(&e)),
        }
    }
}

/// A type that a column can be read as.
pub trait Col: Sized {
    /// The value in column `index`; `None` for NULL.
    fn read(row: &Row<'_>, index: usize) -> Result<Option<Self>>;
}

impl<T: Col> Col for Option<T> {
    fn read(row: &Row<'_>, index: usize) -> Result<Option<Self>> {
        T::read(row, index).map(Some)
    }
}

macro_rules! cols {
    ($($type:ty),* $(,)?) => {$(
        impl Col for $type {
            fn read(row: &Row<'_>, index: usize) -> Result<Option<Self>> {
                row.cell(index)
            }
        }
    )*};
}
cols!(bool, i64, f64, String, Vec<u8>);

/// Types of the model that are one number.
macro_rules! col_newtypes {
    ($($type:path),* $(,)?) => {$(
        impl Col for $type {
            fn read(row: &Row<'_>, index: usize) -> Result<Option<Self>> {
                Ok(row.cell::<i64>(index)?.map($type))
            }
        }
    )*};
}
super::newtypes!(col_newtypes);
