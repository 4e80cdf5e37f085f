//! Finite fields, from which orthogonal arrays are made.

/// Largest field that is built.
pub(crate) const MAX_ORDER: usize = 128;

/// The field of a prime power of elements, `0` being zero and `1` being one.
#[derive(Debug)]
pub(crate) struct Field {
    order: usize,
    characteristic: usize,
    products: Vec<usize>,
}

impl Field {
    /// The field of this many elements, if there is one up to [`MAX_ORDER`].
    pub(crate) fn new(order: usize) -> Option<Field> {
        let (characteristic, degree) = prime_power(order)?;
        if order > MAX_ORDER {
            return None;
        }
        // An element is a polynomial whose coefficients are its digits. Each monic polynomial of the degree
        // is tried as the modulus; it is irreducible when no two other elements have the product zero.
        (0..order).find_map(|tail| {
            let field = Field {
                order,
                characteristic,
                products: products(order, characteristic, degree, tail),
            };
            let has_no_divisor = (1..order).all(|left| (1..order).all(|right| field.times(left, right) != 0));
            has_no_divisor.then_some(field)
        })
    }

    pub(crate) fn order(&self) -> usize {
        self.order
    }

    pub(crate) fn times(&self, left: usize, right: usize) -> usize {
        self.products[left * self.order + right]
    }

    pub(crate) fn plus(&self, left: usize, right: usize) -> usize {
        let p = self.characteristic;
        let (mut left, mut right, mut sum, mut place) = (left, right, 0, 1);
        while left > 0 || right > 0 {
            sum += (left % p + right % p) % p * place;
            left /= p;
            right /= p;
            place *= p;
        }
        sum
    }
}

/// The smallest prime power that is at least `least`, if a field of it is built.
pub(crate) fn next_order(least: usize) -> Option<usize> {
    (least.max(2)..=MAX_ORDER).find(|order| prime_power(*order).is_some())
}

/// The prime and the exponent of a prime power.
fn prime_power(order: usize) -> Option<(usize, u32)> {
    let prime = (2..=order).find(|divisor| order.is_multiple_of(*divisor))?;
    let mut rest = order;
    let mut exponent = 0;
    while rest.is_multiple_of(prime) {
        rest /= prime;
        exponent += 1;
    }
    (rest == 1).then_some((prime, exponent))
}

/// The table of products modulo `x^degree - tail`, where `tail` is an element.
fn products(order: usize, p: usize, degree: u32, tail: usize) -> Vec<usize> {
    let high = order / p;
    let add = |left: usize, right: usize, times: usize| {
        (0..degree).fold(0, |sum, digit| {
            let place = p.pow(digit);
            sum + (left / place % p + right / place % p * times) % p * place
        })
    };
    // Shifts by one power of x and replaces what grew too high.
    let shift = |element: usize| add(element % high * p, tail, element / high);
    let mut table = vec![0; order * order];
    for left in 0..order {
        for right in 0..order {
            let mut product = 0;
            let mut power = left;
            for digit in 0..degree {
                product = add(product, power, right / p.pow(digit) % p);
                power = shift(power);
            }
            table[left * order + right] = product;
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_obey_their_laws() {
        for order in [2, 3, 4, 5, 7, 8, 9, 16, 25, 27] {
            let field = Field::new(order).unwrap();
            for a in 0..order {
                assert_eq!(field.times(a, 1), a, "{order}");
                assert_eq!(field.plus(a, 0), a, "{order}");
                for b in 0..order {
                    assert_eq!(field.times(a, b), field.times(b, a));
                    for c in 0..order {
                        let left = field.times(a, field.plus(b, c));
                        assert_eq!(left, field.plus(field.times(a, b), field.times(a, c)));
                    }
                }
            }
        }
    }

    #[test]
    fn only_prime_powers_have_a_field() {
        for order in [0, 1, 6, 10, 12, 100] {
            assert!(Field::new(order).is_none(), "{order}");
        }
        assert_eq!(next_order(10), Some(11));
        assert_eq!(next_order(6), Some(7));
    }
}
