-- Names and comments that would be code, if anybody let them.
CREATE TYPE "*/ enum" AS ENUM ('a"b', '\', 'new
line', 'ünï', '"#', 'Ok', 'ok', 'OK');
CREATE TYPE blank AS ENUM ('', 'b');
CREATE TABLE "strings" (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, "self" text, "crate" text, "Self" text,
    "_" text, "__" text, "a__b" text, "A B" text, "a_b" text, "a-b" text, "éà" text, "日本" text, "r#type" text,
    "insert" text, "exec" text, "gen" text, "x"" y" text DEFAULT '"; panic!(); //', "new
line" text DEFAULT E'tab\tand \\ and \r',
    "e" "*/ enum" DEFAULT 'a"b', "name" text, "where" text, " " text, "blank" blank DEFAULT '');
COMMENT ON TABLE "strings" IS '*/ #![allow(warnings)] "#
/// end
*/ fn main() { }';
COMMENT ON COLUMN "strings"."self" IS E'carriage\rreturn, bidi \u202e turned, trailing space ';
COMMENT ON COLUMN "strings"."crate" IS E'Example:\n\n    std::process::exit(1);\n';
COMMENT ON COLUMN "strings"."Self" IS E'```\nstd::process::exit(1);\n```';
COMMENT ON TYPE "*/ enum" IS E'\\ "quotes" {braces} %s';
CREATE INDEX "i*/""#" ON "strings" ("A B", "x"" y") WHERE "where" <> '"#';
CREATE TABLE "options" (id uuid PRIMARY KEY, "value" text);
CREATE TABLE "option" (id uuid PRIMARY KEY, "value" text);
CREATE TABLE "Options" (id uuid PRIMARY KEY, "value" text);
CREATE TABLE "option_columns" (id uuid PRIMARY KEY, "value" text);
CREATE TABLE "mods" (id uuid PRIMARY KEY, "value" text);
CREATE TABLE "日本" (id uuid PRIMARY KEY, "option" uuid REFERENCES "option", "value" text);
CREATE TABLE "1st */ mod x { }" ("*/ id" uuid PRIMARY KEY, "value" text);
CREATE VIEW "v
*/ evil" AS SELECT 1 AS one;
CREATE FUNCTION "f""#"() RETURNS integer LANGUAGE sql AS 'SELECT 1';
