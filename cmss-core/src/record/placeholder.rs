macro_rules! placeholder {
    ($($name:ident, $id:ident, $c:literal, $put:literal;)*) => {$(
        #[derive(Clone, PartialEq, Debug, serde::Serialize, serde::Deserialize)]
        #[doc = "Not there yet."]
        pub struct $name {}
        impl super::Kind for $name {
            type Id = crate::ids::$id;
            type Around = ();
            const COLLECTION: crate::store::Collection = crate::store::Collection::new($c);
            const PUT: &'static str = $put;
            fn check(&self, _: &mut crate::values::Faults) -> Option<Self> { Some(self.clone()) }
            fn refers_to(&self) -> Vec<crate::store::DocRef> { Vec::new() }
            fn page(&self) -> Option<(crate::site::PageKind, &str, Option<&crate::values::Slug>)> { None }
            async fn around(_: &super::Kept<Self>, _: &mut crate::kernel::Reader<'_>) -> Result<(), crate::kernel::Error> { Ok(()) }
            fn may_publish(_: &super::Kept<Self>, (): &(), _: &mut crate::kernel::Guards) {}
            fn faces(_: &super::Kept<Self>, (): &(), _: &crate::site::Press<'_>) -> Vec<crate::site::Face> { Vec::new() }
        }
    )*};
}
placeholder! {
    Asset, AssetId, "asset", "put_asset";
    Event, EventId, "event", "put_event";
    Project, ProjectId, "project", "put_project";
}
