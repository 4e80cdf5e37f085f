//! Covering arrays: few rows that together hold every combination of the values of any *t* parameters.
//!
//! Most failures need one value or the meeting of two; hardly any needs more than six (Kuhn, Wallace, Gallo:
//! Software fault interactions and implications for software testing, 2004). Rows that hold all pairs
//! find them with far fewer tests than all combinations would take: 100 switches need 10 rows.
//!
//! ```
//! let model: covering::Model = "
//! File system:  FAT, FAT32, NTFS
//! Size:         10, 500, 5000, 40000, ~0
//! Compression:  on, off
//!
//! IF [File system] = \"FAT\" THEN [Size] <= 4096;
//! "
//! .parse()?;
//! let made = covering::generate(&model, &covering::Options::default())?;
//! println!("{}", covering::to_table(&model, &made.rows));
//!
//! // The proof does not rely on the generator.
//! let report = covering::check(&model, 2, &made.rows)?;
//! assert!(report.is_proven());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it does
//!
//! - Strengths 1 to 6, any numbers of values, up to 2^25 tuples.
//! - Constraints: `IF … THEN … ELSE …` and invariants of `=`, `<>`, `<`, `<=`, `>`, `>=`, `LIKE`, `IN`, `AND`,
//!   `OR`, `NOT`, also between two parameters. Every row meets all of them.
//! - Sub-models: parameters that are combined with a strength of their own, higher or lower. Sets of parameters
//!   inside a sub-model have its strength, all others that of the whole.
//! - Negative values (`~`): at most one in a row, so that no error hides another. Valid values are combined in
//!   rows without one.
//! - Weights and aliases, and seed rows that are kept and completed.
//! - The same model and options give the same rows on every machine: work is counted, not timed, and chance
//!   comes from [`Options::random_seed`].
//!
//! # The format
//!
//! Models are read and written in the format of Microsoft's PICT ([its
//! description](https://github.com/microsoft/pict/blob/main/doc/pict.md)). What is stricter: constraints that
//! compare text with numbers, or name a parameter that does not exist, are errors with line and column instead
//! of warnings. What differs: sub-models are covered as above, not built first and then combined as a whole;
//! strengths end at 6; `NOT` binds closer than `AND`, and `AND` closer than `OR`; separators and the sign of
//! negative values cannot be changed; `@` and `$` in names of parameters mean nothing.
//!
//! # How it works
//!
//! 1. Where nothing is constrained, arrays from algebra are the beginning: orthogonal arrays from polynomials
//!    over finite fields (Bush 1952), widened (Stevens, Ling, Mendelsohn 2002; as in Williams' `TConfig`),
//!    sets for two symbols (Kleitman, Spencer 1973; Katona 1973; nothing is smaller), and starters that a
//!    cyclic group develops (Meagher, Stevens 2005). Symbols that a parameter does not have stay open.
//!    Colbourn, *Combinatorial aspects of covering arrays* (2004), is the survey.
//! 2. Greedy rows cover what is left: the best of several candidates, as in AETG (Cohen, Dalal, Fredman,
//!    Patton 1997), each begun at a tuple that is left, as in PICT (Czerwonka 2006). Constraints are looked
//!    ahead by backtracking, and answers are remembered. IPOG (Lei, Kacker, Kuhn, Okun, Lawrence 2007) is what
//!    other tools use here.
//! 3. Rows are taken away one by one while a tabu search repairs what they covered (Lin, Luo, Cai, Su, Hao,
//!    Zhang: TCA, 2015).
//!
//! # Sizes
//!
//! Rows for the inputs of the [published comparison](https://www.pairwise.org/efficiency.html), each in well
//! below a second or two:
//!
//! | input | this crate | PICT | best published there |
//! |---|---:|---:|---:|
//! | 3^4 | 9 | 9 | 9 |
//! | 3^13 | 15 | 18 | 15 |
//! | 4^15 3^17 2^29 | 28 | 37 | 29 |
//! | 4^1 3^39 2^35 | 21 | 27 | 21 |
//! | 2^100 | 10 | 15 | 10 |
//! | 10^20 | 181 | 210 | 180 |

mod check;
mod constraint;
mod construct;
mod engine;
mod error;
mod generate;
mod model;
mod parse;
mod random;
mod table;
mod text;
mod write;

pub use check::{Fault, Report, Tuple, check};
pub use constraint::{Constraint, Expression, Literal, Operand, Relation};
pub use error::{Error, ModelError, ParseError, Problem, Unwritable};
pub use generate::{Options, Rows, generate};
pub use model::{MAX_PARAMETERS, MAX_VALUES, Model, Parameter, SubModel, Value};
pub use table::{SeedRows, read_seed_rows, to_table};

/// Highest strength.
pub const MAX_STRENGTH: usize = 6;

/// Deepest nesting of brackets and `NOT`s in a constraint.
pub const MAX_DEPTH: usize = 64;

/// Longest model that is read, in bytes.
pub const MAX_TEXT: usize = 4 << 20;
