/** What operators ask of a node: move an instance, mend it, change the configuration. */
package io.understudy.cli.act;
