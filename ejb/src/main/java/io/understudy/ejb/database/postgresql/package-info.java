/** PostgreSQL with streaming replication, from the packaged binaries or the host's own. */
package io.understudy.ejb.database.postgresql;
