package org.centerloss.cli.option;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.AnnotatedElement;
import picocli.CommandLine.Model.OptionSpec;

/** The headings under which the help of a command with many options lists them, in this order. */
public enum OptionGroup {
    MAIN("Main options"),
    DATA("Images and data sets"),
    AUGMENTATION("Changes to training images"),
    LOSS("Network and loss"),
    OPTIMISATION("Optimisation"),
    OUTPUT("Output"),
    DEVICE("Device"),
    RESUMING("Resuming, repeating, comparing"),
    RARE("Rarely needed");

    /** Stands beside {@code @Option}; an option without it is one of the main ones. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    public @interface In {
        OptionGroup value();
    }

    private final String heading;

    OptionGroup(String heading) {
        this.heading = heading;
    }

    String heading() {
        return heading;
    }

    static OptionGroup of(OptionSpec option) {
        if (option.usageHelp() || option.versionHelp()) {
            return RARE;
        }
        In group =
                option.userObject() instanceof AnnotatedElement field
                        ? field.getAnnotation(In.class)
                        : null;
        return group == null ? MAIN : group.value();
    }
}
