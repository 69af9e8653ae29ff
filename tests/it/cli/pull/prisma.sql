-- As Prisma writes it: quoted names, keys that are updated along, times without a zone, lists that may be NULL.
CREATE TYPE "MemberRole" AS ENUM ('ADMIN', 'MEMBER', 'READ_ONLY');
CREATE TABLE "_prisma_migrations" (
    "id" varchar(36) PRIMARY KEY, "checksum" varchar(64) NOT NULL, "finished_at" timestamptz,
    "migration_name" varchar(255) NOT NULL, "logs" text, "rolled_back_at" timestamptz,
    "started_at" timestamptz NOT NULL DEFAULT now(), "applied_steps_count" integer NOT NULL DEFAULT 0);
CREATE TABLE "Workspace" (
    "id" UUID NOT NULL, "name" TEXT NOT NULL, "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Workspace_pkey" PRIMARY KEY ("id"));
CREATE TABLE "WorkspaceMember" (
    "id" UUID NOT NULL, "workspaceId" UUID NOT NULL, "invitedById" UUID, "role" "MemberRole" NOT NULL DEFAULT 'MEMBER',
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[], "meta" JSONB NOT NULL DEFAULT '{}', "updatedAt" TIMESTAMP(3) NOT NULL,
    CONSTRAINT "WorkspaceMember_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Post" ("id" SERIAL NOT NULL, "title" VARCHAR(191) NOT NULL, CONSTRAINT "Post_pkey" PRIMARY KEY ("id"));
CREATE TABLE "_PostToTag" ("A" INTEGER NOT NULL, "B" INTEGER NOT NULL);
CREATE UNIQUE INDEX "_PostToTag_AB_unique" ON "_PostToTag" ("A", "B");
CREATE UNIQUE INDEX "WorkspaceMember_workspaceId_role_key" ON "WorkspaceMember" ("workspaceId", "role");
CREATE INDEX "WorkspaceMember_invitedById_idx" ON "WorkspaceMember" ("invitedById");
ALTER TABLE "WorkspaceMember" ADD CONSTRAINT "WorkspaceMember_workspaceId_fkey" FOREIGN KEY ("workspaceId")
    REFERENCES "Workspace" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "WorkspaceMember" ADD CONSTRAINT "WorkspaceMember_invitedById_fkey" FOREIGN KEY ("invitedById")
    REFERENCES "WorkspaceMember" ("id") ON DELETE SET NULL ON UPDATE CASCADE;
