package org.centerloss.device;

/**
 * What a device can do at most, as measured on it.
 *
 * @param bytesPerSecond read and written by a copy of an array that is larger than any cache
 * @param flopsPerSecond float operations of independent multiply-adds in registers, each counted as
 *     two
 */
public record Peaks(double bytesPerSecond, double flopsPerSecond) {}
