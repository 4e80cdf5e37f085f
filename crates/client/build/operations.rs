//! One method for each operation of the description.

use crate::types::rust;
use crate::{field, pascal, snake, words};
use serde_json::Value;
use std::collections::VecDeque;
use std::fmt::Write as _;

/// All methods, their queries, and the names of the operations.
pub(crate) fn all(document: &Value) -> String {
    let mut queries = String::new();
    let mut methods = String::from("impl<'a> Api<'a> {\n");
    let mut names = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let one = Operation::new(document, path, method, operation);
            one.query(&mut queries);
            one.method(&mut methods);
            names.push(format!("{:?}", one.name));
        }
    }
    names.sort();
    format!(
        "{queries}{methods}}}\n\n/// The operations that [`Api`] has a method for, by their names in the description.\n\
         pub const OPERATIONS: &[&str] = &[{}];\n",
        names.join(", ")
    )
}

struct Operation<'a> {
    document: &'a Value,
    path: &'a str,
    method: &'a str,
    name: &'a str,
    described: &'a Value,
    /// Success: schema of the answer, and whether it is a file.
    answer: Option<&'a Value>,
    is_file: bool,
}

impl<'a> Operation<'a> {
    fn new(document: &'a Value, path: &'a str, method: &'a str, described: &'a Value) -> Operation<'a> {
        let responses = described["responses"].as_object();
        let success = responses
            .into_iter()
            .flatten()
            .find(|(status, _)| status.starts_with('2'));
        let content = success.and_then(|(_, answer)| answer["content"].as_object());
        let json = content
            .and_then(|types| types.get("application/json"))
            .map(|json| &json["schema"]);
        let is_file = content.is_some_and(|types| types.values().any(|t| t["schema"]["format"] == "binary"));
        Operation {
            document,
            path,
            method,
            name: described["operationId"].as_str().unwrap_or_default(),
            described,
            answer: json.filter(|_| !is_file),
            is_file,
        }
    }

    fn parameters(&self, place: &'a str) -> impl Iterator<Item = &'a Value> {
        let all = self.described["parameters"].as_array().into_iter().flatten();
        all.filter(move |p| p["in"] == place)
    }

    fn has_query(&self) -> bool {
        self.parameters("query").next().is_some()
    }

    fn is_paged(&self) -> bool {
        self.parameters("query").any(|p| p["name"] == "page")
    }

    fn rust(&self, schema: &Value) -> String {
        let schemas = &self.document["components"]["schemas"];
        rust(schemas, schema, "Value", &mut VecDeque::new())
    }

    /// The path with its numbers, as Rust.
    fn path(&self) -> String {
        if self.path.contains('{') {
            format!("format!({:?})", self.path)
        } else {
            format!("{:?}.to_owned()", self.path)
        }
    }

    /// The struct of the query.
    fn query(&self, out: &mut String) {
        if !self.has_query() {
            return;
        }
        let (name, mut pairs) = (pascal(self.name), String::new());
        let _ = writeln!(
            out,
            "/// The query of `{}`; what is not given is left out.\n#[derive(Debug, Clone, Default, PartialEq, Eq)]\n\
             pub struct {name}Query {{",
            self.name
        );
        for parameter in self.parameters("query") {
            let key = parameter["name"].as_str().unwrap_or_default();
            let kind = self.rust(&parameter["schema"]);
            let (kind, list) = if kind.starts_with("Vec<") {
                (kind, true)
            } else {
                (format!("Option<{kind}>"), false)
            };
            let about = words(parameter["description"].as_str().unwrap_or_default());
            let _ = writeln!(out, "    /// {about}\n    pub {}: {kind},", field(key));
            let (call, given) = if list {
                ("list", format!("&self.{}", field(key)))
            } else {
                ("one", format!("self.{}.as_ref()", field(key)))
            };
            let _ = writeln!(pairs, "        pairs.{call}(\"{key}\", {given});");
        }
        let _ = writeln!(
            out,
            "}}\n\nimpl {name}Query {{\n    fn pairs(&self) -> Pairs {{\n        let mut pairs = Pairs::default();\n\
             {pairs}        pairs\n    }}\n}}\n"
        );
    }

    fn method(&self, out: &mut String) {
        let mut arguments = String::new();
        for parameter in self.parameters("path") {
            let _ = write!(
                arguments,
                ", {}: i64",
                parameter["name"].as_str().unwrap_or_default()
            );
        }
        let query = if self.has_query() {
            let _ = write!(arguments, ", query: &{}Query", pascal(self.name));
            "query.pairs()"
        } else {
            "Pairs::default()"
        };
        let before_body = arguments.clone();
        let mut call = format!(
            "Sent::new(Method::{}, {}, {query})",
            self.method.to_ascii_uppercase(),
            self.path()
        );
        let content = &self.described["requestBody"]["content"];
        if let Some(schema) = content["application/json"].get("schema") {
            let _ = write!(arguments, ", body: &{}", self.rust(schema));
            call.push_str(".json(body)?");
        } else if let Some(schema) = content["multipart/form-data"].get("schema") {
            let is_many = schema["$ref"].as_str().is_some_and(|r| r.ends_with("FilesIn"));
            arguments.push_str(if is_many {
                ", files: &[Upload]"
            } else {
                ", file: &Upload"
            });
            call.push_str(if is_many {
                ".form(\"files[]\", files)?"
            } else {
                ".form(\"file\", std::slice::from_ref(file))?"
            });
        }
        if self.method == "post" {
            arguments.push_str(", key: &RequestKey");
            call.push_str(".once(key)");
        }
        let about = words(&format!(
            "{}: `{} {}`. {}",
            self.described["summary"].as_str().unwrap_or_default(),
            self.method.to_ascii_uppercase(),
            self.path,
            self.described["description"].as_str().unwrap_or_default()
        ));
        let (kind, how) = match self.answer {
            Some(schema) => (self.rust(schema), "read"),
            None if self.is_file => ("Bytes".to_owned(), "bytes"),
            None => ("()".to_owned(), "done"),
        };
        let name = snake(self.name);
        let _ = writeln!(
            out,
            "    /// {}\n    pub async fn {name}(&self{arguments}) -> Answer<{kind}> {{\n        \
             self.{how}({call}).await\n    }}\n",
            about.trim()
        );
        if self.is_paged() {
            let row = self.row().unwrap_or_else(|| "Value".to_owned());
            let _ = writeln!(
                out,
                "    /// All rows of [`Api::{name}`], page after page from the one that the query names.\n    \
                 pub fn {name}_rows(&self{before_body}) -> Rows<'a, {row}> {{\n        \
                 Rows::new(self.client, {}, query.pairs())\n    }}\n",
                self.path()
            );
        }
    }

    /// The type of a row of a page.
    fn row(&self) -> Option<String> {
        let schemas = &self.document["components"]["schemas"];
        let name = self.answer?["$ref"].as_str()?.rsplit('/').next()?;
        let items = &schemas[name]["properties"]["result"]["items"];
        items.is_object().then(|| self.rust(items))
    }
}
