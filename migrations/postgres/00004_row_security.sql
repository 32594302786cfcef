-- What a database user sees for whom row-level security holds: the rows of the
-- owner that the transaction names, and none if it names nobody. A policy does
-- nothing before row-level security is switched on for its table, which
-- `taskward migrate up` does where TASKWARD_RLS says so. From then on a step
-- that changes rows has to lift FORCE for its transaction.

-- +goose Up
CREATE POLICY of_owner ON taskward.owners USING (user_id = current_setting('taskward.user_id', true));
CREATE POLICY of_owner ON taskward.tasks USING (user_id = current_setting('taskward.user_id', true));
CREATE POLICY of_owner ON taskward.trash USING (user_id = current_setting('taskward.user_id', true));
CREATE POLICY of_owner ON taskward.answers USING (user_id = current_setting('taskward.user_id', true));
CREATE POLICY of_owner ON taskward.revoked_tokens USING (user_id = current_setting('taskward.user_id', true));
CREATE POLICY of_owner ON taskward.revoked_before USING (user_id = current_setting('taskward.user_id', true));
CREATE POLICY of_owner ON taskward.spent_tokens USING (user_id = current_setting('taskward.user_id', true));

-- +goose Down
ALTER TABLE taskward.owners NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE taskward.tasks NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE taskward.trash NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE taskward.answers NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE taskward.revoked_tokens NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE taskward.revoked_before NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE taskward.spent_tokens NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
DROP POLICY of_owner ON taskward.owners;
DROP POLICY of_owner ON taskward.tasks;
DROP POLICY of_owner ON taskward.trash;
DROP POLICY of_owner ON taskward.answers;
DROP POLICY of_owner ON taskward.revoked_tokens;
DROP POLICY of_owner ON taskward.revoked_before;
DROP POLICY of_owner ON taskward.spent_tokens;
