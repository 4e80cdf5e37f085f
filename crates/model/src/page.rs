//! Paging by number, as the contract has it (contract §1.1).

/// Page sizes that the contract allows.
pub const PER_PAGE: [i64; 4] = [15, 25, 50, 100];

/// One page of a list: a number from 1 and a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// Page number, from 1.
    pub page: i64,
    /// Rows a page.
    pub per_page: i64,
}

impl Default for PageRequest {
    fn default() -> Self {
        PageRequest {
            page: 1,
            per_page: 100,
        }
    }
}

impl PageRequest {
    /// Rows before this page.
    pub fn offset(self) -> i64 {
        (self.page - 1).saturating_mul(self.per_page)
    }
}

/// Rows of one page and how many there are over all pages.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// What was asked for.
    pub request: PageRequest,
    /// Rows over all pages, exact.
    pub total: i64,
    /// The rows of this page.
    pub rows: Vec<T>,
}

impl<T> Page<T> {
    /// The last page's number; none when there are no rows.
    pub fn last_page(&self) -> Option<i64> {
        (self.total > 0).then(|| (self.total + self.request.per_page - 1) / self.request.per_page)
    }

    /// The page after this one, if there is one.
    pub fn next_page(&self) -> Option<i64> {
        self.last_page()
            .filter(|last| self.request.page < *last)
            .map(|_| self.request.page + 1)
    }

    /// The page before this one; for a page past the end it is the last page.
    pub fn prev_page(&self) -> Option<i64> {
        let last = self.last_page()?;
        (self.request.page > 1).then(|| (self.request.page - 1).min(last))
    }

    /// The same page with other rows.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            request: self.request,
            total: self.total,
            rows: self.rows.into_iter().map(f).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(page: i64, total: i64) -> Page<()> {
        Page {
            request: PageRequest { page, per_page: 100 },
            total,
            rows: vec![],
        }
    }

    #[test]
    fn neighbours() {
        let p = page(1, 0);
        assert_eq!((p.prev_page(), p.next_page(), p.last_page()), (None, None, None));
        let p = page(1, 101);
        assert_eq!(
            (p.prev_page(), p.next_page(), p.last_page()),
            (None, Some(2), Some(2))
        );
        let p = page(2, 101);
        assert_eq!(
            (p.prev_page(), p.next_page(), p.last_page()),
            (Some(1), None, Some(2))
        );
        let p = page(9, 101);
        assert_eq!(
            (p.prev_page(), p.next_page(), p.last_page()),
            (Some(2), None, Some(2))
        );
    }
}
