//! Forms of values that clients send, as several resources take them.

use app::custom::{PREFIX, Schema};
use model::TemplateId;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::marker::PhantomData;

/// A whole number. `12.0` is one, as some languages write it so.
#[derive(Clone, Copy)]
pub(crate) struct Whole(pub(crate) i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Whole, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Whole;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a whole number")
            }
            fn visit_i64<E: serde::de::Error>(self, n: i64) -> Result<Whole, E> {
                Ok(Whole(n))
            }
            fn visit_u64<E: serde::de::Error>(self, n: u64) -> Result<Whole, E> {
                i64::try_from(n)
                    .map(Whole)
                    .map_err(|_| E::invalid_value(Unexpected::Unsigned(n), &self))
            }
            #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
            fn visit_f64<E: serde::de::Error>(self, n: f64) -> Result<Whole, E> {
                if n.fract() == 0.0 && n.abs() < 9e15 {
                    Ok(Whole(n as i64))
                } else {
                    Err(E::invalid_value(Unexpected::Float(n), &self))
                }
            }
        }
        d.deserialize_any(V)
    }
}

/// An object. Structs alone would also be read from a list of their values in order, which nobody means.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Object<T>, D::Error> {
        struct V<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for V<T> {
            type Value = Object<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        d.deserialize_map(V(PhantomData))
    }
}

/// A list of objects; null is an empty one.
pub(crate) fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Vec<T>, D::Error> {
    let all: Vec<Object<T>> = list(d)?;
    Ok(all.into_iter().map(|object| object.0).collect())
}

/// A list that may be null.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Vec<T>, D::Error> {
    Option::<Vec<T>>::deserialize(d).map(Option::unwrap_or_default)
}

/// A value that may be null, where null is not the same as absent: for `#[serde(default)]` fields.
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    d: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(d).map(Some)
}

/// A list of ids; null is an empty one.
pub(crate) fn ids<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<i64>, D::Error> {
    let ids: Vec<Whole> = list(d)?;
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// The values of custom fields among what is left of a body; other unknown names are left alone.
pub(crate) fn custom(mut rest: Map<String, Value>) -> Map<String, Value> {
    rest.retain(|name, _| name.starts_with(PREFIX));
    rest
}

/// The custom fields of a row, null where they have no value.
pub(crate) fn custom_row(
    schema: &Schema,
    template: TemplateId,
    values: &Map<String, Value>,
) -> Map<String, Value> {
    let fields = schema.fields_of(template).into_iter();
    let each = fields.map(|f| {
        let value = values.get(&f.system_name).cloned();
        (format!("{PREFIX}{}", f.system_name), value.unwrap_or_default())
    });
    each.collect()
}
