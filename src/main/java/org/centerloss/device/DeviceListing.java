package org.centerloss.device;

/**
 * What can be said about a device.
 *
 * @param name by which it is opened: {@code cpu}, {@code cuda:0}
 * @param available whether it works
 * @param description what it is, or why it does not work and what to do
 */
public record DeviceListing(String name, boolean available, String description) {}
