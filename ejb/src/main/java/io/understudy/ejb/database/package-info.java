/** The port to a database engine: one copy of one database of an instance, on this node. */
package io.understudy.ejb.database;
