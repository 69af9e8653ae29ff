#[automatically_derived]
impl HttpMethod {
    /// The label in the database.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Replace => "PUT",
        }
    }
}
#[automatically_derived]
impl ::waygate_db::__private::PgEnum for HttpMethod {
    const TYPE: ::waygate_db::__private::EnumType = ::waygate_db::__private::EnumType {
        name: "verb",
        labels: &["GET", "PUT"],
        rust: "HttpMethod",
        renamed: &[("STORE", "PUT")],
        renamed_from: ::core::option::Option::Some("method"),
        comment: ::core::option::Option::Some("What a call does,\nin HTTP's word."),
    };
    const ALL: &'static [Self] = &[Self::Get, Self::Replace];
    fn from_label(label: &str) -> ::core::option::Option<Self> {
        match label {
            "GET" => ::core::option::Option::Some(Self::Get),
            "PUT" => ::core::option::Option::Some(Self::Replace),
            _ => ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ::waygate_db::__private::Value for HttpMethod {
    type Base = Self;
    const TYPE: ::waygate_db::__private::SqlType = ::waygate_db::__private::SqlType::Enum(
        &<Self as ::waygate_db::__private::PgEnum>::TYPE,
    );
}
#[automatically_derived]
impl ::waygate_db::__private::Element for HttpMethod {
    const ELEMENT: &'static ::waygate_db::__private::SqlType = &<Self as ::waygate_db::__private::Value>::TYPE;
}
#[automatically_derived]
impl ::waygate_db::__private::pg::ToSql for HttpMethod {
    fn to_sql(
        &self,
        _: &::waygate_db::__private::pg::Type,
        out: &mut ::waygate_db::__private::pg::BytesMut,
    ) -> ::core::result::Result<
        ::waygate_db::__private::pg::IsNull,
        ::std::boxed::Box<
            dyn ::core::error::Error + ::core::marker::Sync + ::core::marker::Send,
        >,
    > {
        ::waygate_db::__private::write_label(self.label(), out)
    }
    fn accepts(ty: &::waygate_db::__private::pg::Type) -> bool {
        ::waygate_db::__private::accepts_label(ty)
    }
    fn to_sql_checked(
        &self,
        ty: &::waygate_db::__private::pg::Type,
        out: &mut ::waygate_db::__private::pg::BytesMut,
    ) -> ::core::result::Result<
        ::waygate_db::__private::pg::IsNull,
        ::std::boxed::Box<
            dyn ::core::error::Error + ::core::marker::Sync + ::core::marker::Send,
        >,
    > {
        ::waygate_db::__private::write_label_checked(self.label(), ty, out)
    }
}
#[automatically_derived]
impl<'a> ::waygate_db::__private::pg::FromSql<'a> for HttpMethod {
    fn from_sql(
        _: &::waygate_db::__private::pg::Type,
        raw: &'a [u8],
    ) -> ::core::result::Result<
        Self,
        ::std::boxed::Box<
            dyn ::core::error::Error + ::core::marker::Sync + ::core::marker::Send,
        >,
    > {
        ::waygate_db::__private::read_label(raw)
    }
    fn accepts(ty: &::waygate_db::__private::pg::Type) -> bool {
        ::waygate_db::__private::accepts_label(ty)
    }
}
