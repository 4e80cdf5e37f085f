//! The order in which the children of a suite are sent.

/// Children are sent by rank: all suites first, then all nested reports, then the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// `testsuite`
    Suite,
    /// `testsuites`
    Suites,
    /// `testcase`
    Case,
}

impl Rank {
    /// The rank of an element by its name. Others are not looked into.
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "testsuite" => Some(Self::Suite),
            "testsuites" => Some(Self::Suites),
            "testcase" => Some(Self::Case),
            _ => None,
        }
    }

    /// The rank that is sent after this one.
    pub(crate) fn following(self) -> Option<Self> {
        match self {
            Self::Suite => Some(Self::Suites),
            Self::Suites => Some(Self::Case),
            Self::Case => None,
        }
    }
}

/// The elements whose children do not stand in the order in which they are sent. Files of real tools
/// have few of them; the second pass reads their content once for each rank.
#[derive(Debug, Default)]
pub(crate) struct MixedElements {
    starts: Vec<u64>,
    /// There were too many to list: every element counts as mixed, which is slower and never wrong.
    is_everything: bool,
}

impl MixedElements {
    /// 512 KiB of offsets.
    const MOST: usize = 65_536;

    /// Lists the element whose tag starts at `start`.
    pub(crate) fn insert(&mut self, start: u64) {
        if self.starts.len() < Self::MOST {
            self.starts.push(start);
        } else {
            self.is_everything = true;
        }
    }

    /// To be called after the last `insert` and before the first `contains`.
    pub(crate) fn seal(&mut self) {
        self.starts.sort_unstable();
    }

    pub(crate) fn contains(&self, start: u64) -> bool {
        self.is_everything || self.starts.binary_search(&start).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_elements_are_found_in_any_order_of_insertion() {
        let mut mixed = MixedElements::default();
        for start in [70, 3, 20] {
            mixed.insert(start);
        }
        mixed.seal();
        assert!(mixed.contains(3) && mixed.contains(20) && mixed.contains(70));
        assert!(!mixed.contains(4));
    }

    #[test]
    fn too_many_mixed_elements_make_all_mixed() {
        let mut mixed = MixedElements::default();
        for start in 0..=MixedElements::MOST as u64 {
            mixed.insert(start);
        }
        mixed.seal();
        assert_eq!(mixed.starts.len(), MixedElements::MOST);
        assert!(mixed.contains(u64::MAX));
    }
}
