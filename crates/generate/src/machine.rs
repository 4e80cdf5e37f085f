//! State machines.

use serde::Serialize;

use crate::span::Span;

/// A state machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// Its name.
    pub title: String,
    /// States in the order of the source.
    pub states: Vec<State>,
    /// Transitions in the order of the source.
    pub transitions: Vec<Transition>,
    /// Where it stands.
    pub span: Span,
}

/// A state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct State {
    /// Its id in the source.
    pub id: String,
    /// Its name; the id if it has none.
    pub name: String,
    /// What it is.
    pub kind: StateKind,
    /// Id of the state that it lies in.
    pub parent: Option<String>,
    /// Where it first stands.
    pub span: Span,
}

/// What a state is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StateKind {
    /// An ordinary one.
    #[default]
    Plain,
    /// Where it starts.
    Initial,
    /// Where it ends.
    Final,
    /// A branching point without duration.
    Choice,
    /// Divides or unites parallel parts.
    Fork,
}

/// A transition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Transition {
    /// Id of the state that it leaves.
    pub from: String,
    /// Id of the state that it leads to.
    pub to: String,
    /// What sets it off.
    pub event: String,
    /// Under which condition (`[guard]`).
    pub guard: Option<String>,
    /// What happens on the way (`/ action`).
    pub action: Option<String>,
    /// Where it stands.
    pub span: Span,
}

impl Machine {
    /// The state with an id.
    pub fn state(&self, id: &str) -> Option<&State> {
        self.states.iter().find(|state| state.id == id)
    }
}
