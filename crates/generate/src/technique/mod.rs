//! The techniques of ISO/IEC/IEEE 29119-4. Each lists its coverage items first; cases then say which they cover.

mod boundary;
mod cause_effect;
mod classification;
mod combinatorial;
mod decision;
mod draft;
mod equivalence;
mod plan;
mod request;
mod requirement;
mod rest;
mod role;
mod scenario;
mod sentence;
mod state;
mod syntax;
mod wish;

use serde::{Deserialize, Serialize};

use crate::span::Span;

pub(crate) use draft::Draft;
pub(crate) use plan::Plan;

/// A technique of ISO/IEC/IEEE 29119-4:2021, or the coverage criteria for REST interfaces of Martin-Lopez, Segura
/// and Ruiz-Cortés ("Test coverage criteria for `RESTful` web APIs", A-TEST 2019).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Technique {
    /// 5.2.1: one value of each set that is treated alike.
    EquivalencePartitioning,
    /// 5.2.2: one value of each leaf, in combinations that meet the constraints.
    ClassificationTree,
    /// 5.2.3: values at the edges.
    BoundaryValue,
    /// 5.2.4: what breaks each rule of a notation.
    Syntax,
    /// 5.2.5: each value once.
    EachChoice,
    /// 5.2.5: each value once beside the base choice of the others.
    BaseChoice,
    /// 5.2.5: each combination of the values of any *t* parameters.
    Combinatorial,
    /// 5.2.6: each rule.
    DecisionTable,
    /// 5.2.7: each cause with its effect, and without.
    CauseEffect,
    /// 5.2.8: states, transitions, pairs of them, and events that a state does not know.
    StateTransition,
    /// 5.2.9: the main course, alternatives and exceptions.
    Scenario,
    /// 5.2.12: each criterion and each point of its lists.
    RequirementsBased,
    /// What each role may do (CRUD matrix).
    RoleAction,
    /// Paths, operations, parameters, content types, status classes, sign-in and flows.
    Rest,
}

impl Technique {
    /// All, in the order of the standard.
    pub const ALL: [Technique; 14] = [
        Technique::EquivalencePartitioning,
        Technique::ClassificationTree,
        Technique::BoundaryValue,
        Technique::Syntax,
        Technique::EachChoice,
        Technique::BaseChoice,
        Technique::Combinatorial,
        Technique::DecisionTable,
        Technique::CauseEffect,
        Technique::StateTransition,
        Technique::Scenario,
        Technique::RequirementsBased,
        Technique::RoleAction,
        Technique::Rest,
    ];

    /// The name by which options and output call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::EquivalencePartitioning => "equivalence_partitioning",
            Self::ClassificationTree => "classification_tree",
            Self::BoundaryValue => "boundary_value",
            Self::Syntax => "syntax",
            Self::EachChoice => "each_choice",
            Self::BaseChoice => "base_choice",
            Self::Combinatorial => "combinatorial",
            Self::DecisionTable => "decision_table",
            Self::CauseEffect => "cause_effect",
            Self::StateTransition => "state_transition",
            Self::Scenario => "scenario",
            Self::RequirementsBased => "requirements_based",
            Self::RoleAction => "role_action",
            Self::Rest => "rest",
        }
    }

    /// The technique of a name; hyphens do for underscores.
    pub fn of(name: &str) -> Option<Self> {
        let name = name.replace('-', "_");
        Self::ALL.into_iter().find(|technique| technique.key() == name)
    }

    /// The letters at the front of its items' ids.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::EquivalencePartitioning => "EP",
            Self::ClassificationTree => "CT",
            Self::BoundaryValue => "BV",
            Self::Syntax => "SY",
            Self::EachChoice => "EC",
            Self::BaseChoice => "BC",
            Self::Combinatorial => "CO",
            Self::DecisionTable => "DT",
            Self::CauseEffect => "CE",
            Self::StateTransition => "ST",
            Self::Scenario => "SC",
            Self::RequirementsBased => "RQ",
            Self::RoleAction => "RA",
            Self::Rest => "RE",
        }
    }

    /// Whether its cases are rows of values.
    pub(crate) fn is_of_rows(self) -> bool {
        matches!(
            self,
            Self::Combinatorial | Self::EachChoice | Self::BaseChoice | Self::ClassificationTree
        )
    }

    /// Whether it is used when none is asked for. Each choice, base choice and the classification tree ask for
    /// what pairs already cover.
    pub(crate) fn is_default(self) -> bool {
        !matches!(
            self,
            Self::EachChoice | Self::BaseChoice | Self::ClassificationTree
        )
    }
}

/// Something that a technique wants to be covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Letters of the technique, the id of what it is about, and what it is of that; the same for the same words.
    pub id: String,
    /// The technique.
    pub technique: Technique,
    /// Id of the criterion or of the requirement that it comes from; empty if the whole document is meant.
    pub of: String,
    /// What is to be covered, in the language of the source.
    pub text: String,
    /// Where it comes from.
    pub span: Span,
    /// Why no case can cover it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub infeasible: Option<String>,
}
