/** Volumes: whether they can be written, how full they are, how fast they answer. */
package io.understudy.ejb.volume;
