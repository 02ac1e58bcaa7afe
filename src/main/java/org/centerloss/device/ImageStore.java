package org.centerloss.device;

/** Images as bytes, with their labels, resident on a device. Made by {@link Device#imageStore}. */
public interface ImageStore extends AutoCloseable {
    int count();

    @Override
    void close();
}
