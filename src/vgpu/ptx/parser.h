// The parser of PTX text.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ptx/syntax_tree.h"

namespace vgpu {

class PtxParser {
   public:
    explicit PtxParser(std::string_view text) : tokens_(tokenize(text)) {}

    PtxModule parse();

   private:
    const Token& peek(std::size_t ahead = 0) const {
        return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
    }
    bool is(std::string_view text) const {
        return peek().kind != Token::Kind::String && peek().text == text;
    }
    const Token& next() { return tokens_[std::min(at_++, tokens_.size() - 1)]; }
    bool accept(std::string_view text) {
        if (is(text)) {
            ++at_;
            return true;
        }
        return false;
    }
    void expect(std::string_view text) {
        if (!accept(text)) {
            unexpected("'" + std::string(text) + "'");
        }
    }
    [[noreturn]] void unexpected(const std::string& wanted) const {
        const std::string place = opcode_.empty() ? "" : opcode_ + ": ";
        invalid(peek().line,
                place + "expected " + wanted + ", found '" + std::string(peek().text) + "'");
    }
    std::string word() {
        if (peek().kind != Token::Kind::Word) {
            unexpected("a name");
        }
        return std::string(next().text);
    }
    Number number() {
        bool minus = accept("-");
        if (peek().kind != Token::Kind::Number) {
            unexpected("a number");
        }
        Number value = parseNumber(next());
        if (minus) {
            value.bits = ~value.bits + 1;
        }
        return value;
    }

    void directive();
    void skipSection();
    void file();
    void location();
    PtxVariable variable(std::string space);
    std::vector<PtxVariable> parameterList();
    void function(bool entry);
    void body(PtxFunction& function);
    void statement(PtxFunction& function);
    PtxOperand operand();
    PtxOperand group(std::string_view close, PtxOperand::Kind kind);

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    PtxModule module_;
    std::map<std::uint64_t, std::string> files_;
    std::map<std::string, std::uint32_t> sourceIndex_;
    std::uint32_t source_ = 0;
    std::string opcode_;  // of the instruction that is being read
    bool external_ = false;
};

PtxModule parsePtx(std::string_view text);

}  // namespace vgpu
