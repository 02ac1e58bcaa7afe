/**
 * The program beside others that do the same: each is measured in a process of its own, in turn.
 * The classes that need libtorch ({@code Libtorch…}) are compiled by {@code make peers} alone.
 */
package org.centerloss.peer;
