/** Maintenance of an instance with an end. */
package io.understudy.core.hold;
