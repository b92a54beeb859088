/** Why something was done or not done, and recorded decisions taken again. */
package io.understudy.cli.explain;
