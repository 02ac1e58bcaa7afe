package org.centerloss.verify;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;
import org.centerloss.format.Safetensors;
import org.centerloss.format.SafetensorsEntry;
import org.centerloss.format.StrictJson;

/** The tensors and metadata of a recorded run's file, and which tensors nobody has asked for. */
final class RecordedFile {
    private final String name;
    private final Safetensors content;
    private final Set<String> untaken;

    /**
     * @param name for messages and rows
     */
    RecordedFile(String name, Safetensors content) {
        this.name = name;
        this.content = content;
        untaken = new TreeSet<>(content.entries().keySet());
    }

    String name() {
        return name;
    }

    /** Every tensor. */
    Map<String, SafetensorsEntry> tensors() {
        return content.entries();
    }

    boolean holds(String tensor) {
        return content.entries().containsKey(tensor);
    }

    /**
     * A tensor, which counts as used from now on.
     *
     * @throws InputException if there is none of that name
     */
    SafetensorsEntry take(String tensor) {
        untaken.remove(tensor);
        return content.get(tensor);
    }

    /** The names of the tensors that were never taken, in alphabetical order. */
    Set<String> untaken() {
        return Set.copyOf(untaken);
    }

    /** Whether the metadata have a value of that name. */
    boolean states(String key) {
        return content.metadata().containsKey(key);
    }

    /** A text of the metadata; null where there is none. */
    String text(String key) {
        return content.metadata().get(key);
    }

    /**
     * A number of the metadata.
     *
     * @throws InputException if it is missing or no finite number
     */
    double number(String key) {
        String text = text(key);
        try {
            double number = Double.parseDouble(String.valueOf(text));
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new InputException(unexpected(key, "a number").getMessage(), e);
        }
        throw unexpected(key, "a finite number");
    }

    /**
     * A whole number of the metadata.
     *
     * @throws InputException if it is missing or none of 64 bits
     */
    long whole(String key) {
        try {
            return Long.parseLong(String.valueOf(text(key)));
        } catch (NumberFormatException e) {
            throw new InputException(unexpected(key, "a whole number").getMessage(), e);
        }
    }

    /**
     * A value of the metadata that is written in JSON.
     *
     * @throws InputException if it is missing or not of that type
     */
    <T> T json(String key, Class<T> type) {
        if (!states(key)) {
            throw unexpected(key, "JSON");
        }
        return StrictJson.read("%s: metadata '%s'".formatted(name, key), text(key), type);
    }

    /** What to throw where a value of the metadata is not what it must be. */
    InputException unexpected(String key, String expected) {
        String found = states(key) ? Bounds.shown(text(key)) : "none";
        return failure("metadata '%s': expected %s, found %s".formatted(key, expected, found));
    }

    InputException failure(String message) {
        return new InputException(name + ": " + message);
    }
}
