//! A store on the plainest engine, held to the contract, and to what is beyond it.

mod support;

use cmss_keyed::{Batch, Engine, KeyedStore, error};
use support::MapFixture;

cmss_testkit::store_rules!(MapFixture::default);

mod in_directory {
    use super::*;

    cmss_testkit::store_rules!(|| MapFixture::in_directory(1 << 20));
}

mod durable {
    use super::*;

    cmss_testkit::durable_rules!(MapFixture::default);
}

mod durable_in_directory {
    use super::*;

    cmss_testkit::durable_rules!(|| MapFixture::in_directory(0));
}
