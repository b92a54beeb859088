/**
 * What the faces (REST, status page) ask of a node and how it answers. Plain Java: the recovery
 * manager implements {@link io.understudy.ejb.control.NodeControl}, everybody else calls it.
 */
package io.understudy.ejb.control;
