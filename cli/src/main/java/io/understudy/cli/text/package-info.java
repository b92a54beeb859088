/** What people read: messages in their language, tables that keep their columns. */
package io.understudy.cli.text;
