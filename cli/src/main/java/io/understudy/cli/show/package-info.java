/** What operators look at: state, events, databases. */
package io.understudy.cli.show;
