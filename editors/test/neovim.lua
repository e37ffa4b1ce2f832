-- Drives Neovim (0.7 or newer): nvim --headless --clean -u NONE -c 'luafile neovim.lua'
-- PYLINT_DOCKER is the program, WORKDIR a folder with Dockerfile and fixall/Dockerfile. Prints "ok" and exits with 0, or says
-- what went wrong and exits with 1.
local dir = vim.env.WORKDIR

local function fail(message)
  io.stderr:write(message .. "\n")
  vim.cmd("cquit 1")
end

local function wait(what, condition)
  if not vim.wait(20000, condition, 20) then
    fail("waited in vain for " .. what)
  end
end

-- The setting that editors/neovim/README.md gives for Neovim before 0.11.
vim.api.nvim_create_autocmd({ "BufRead", "BufNewFile" }, {
  pattern = { "Dockerfile", "Dockerfile.*", "*.Dockerfile", "Containerfile*" },
  callback = function(args)
    local id = vim.lsp.start_client({
      name = "pylint-docker",
      cmd = { vim.env.PYLINT_DOCKER, "lsp" },
      root_dir = vim.fn.getcwd(),
      get_language_id = function() return "dockerfile" end,
    })
    if id then
      vim.lsp.buf_attach_client(args.buf, id)
    end
  end,
})

local function find(code)
  for _, d in ipairs(vim.diagnostic.get(0)) do
    if d.code == code or (d.user_data and d.user_data.lsp and d.user_data.lsp.code == code) then
      return d
    end
  end
end

-- actions asks as vim.lsp.buf.code_action does.
local function actions(only, at)
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(),
    range = { start = { line = at.lnum, character = at.col }, ["end"] = { line = at.end_lnum, character = at.end_col } },
    context = { diagnostics = {}, only = only },
  }
  for _, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 20000) or {}) do
    if answer.result then
      return answer.result
    end
  end
  return {}
end

local function apply(action)
  local client = vim.lsp.get_active_clients()[1]
  vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
end

local function pick(list, title)
  for _, action in ipairs(list) do
    if action.title:find(title, 1, true) then
      return action
    end
  end
  fail("no action " .. title .. " in " .. vim.inspect(list))
end

-- A quick fix.
vim.cmd("edit " .. dir .. "/Dockerfile")
wait("PLD205", function() return find("PLD205") end)
apply(pick(actions({ "quickfix" }, find("PLD205")), "--no-cache-dir"))
wait("PLD205 to go", function() return not find("PLD205") end)
vim.cmd("write")

-- Hover.
local hovered = vim.lsp.buf_request_sync(0, "textDocument/hover", {
  textDocument = vim.lsp.util.make_text_document_params(), position = { line = 1, character = 6 },
}, 20000)
if not vim.inspect(hovered):find("site%-packages") then
  fail("no hover: " .. vim.inspect(hovered))
end

-- Fix all.
vim.cmd("edit " .. dir .. "/fixall/Dockerfile")
wait("PLD205", function() return find("PLD205") end)
apply(pick(actions({ "source.fixAll" }, find("PLD205")), "Fix all"))
wait("PLD205 to go", function() return not find("PLD205") end)
vim.cmd("write")

-- Fix all on save, as editors/neovim/README.md says: the file that is written is the fixed one.
vim.api.nvim_create_autocmd("BufWritePre", {
  pattern = { "Dockerfile", "Dockerfile.*", "*.Dockerfile", "Containerfile*" },
  callback = function(args)
    local params = vim.lsp.util.make_range_params(0, "utf-16")
    params.context = { diagnostics = {}, only = { "source.fixAll.pylint-docker" } }
    local answers = vim.lsp.buf_request_sync(args.buf, "textDocument/codeAction", params, 2000)
    for id, answer in pairs(answers or {}) do
      for _, action in ipairs(answer.result or {}) do
        if action.edit then
          vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(id).offset_encoding)
        end
      end
    end
  end,
})
vim.cmd("edit " .. dir .. "/onsave/Dockerfile")
wait("PLD205", function() return find("PLD205") end)
vim.cmd("normal! Go# the last line")
vim.cmd("write")

-- Completion, signatures, highlights, and formatting as the editor itself calls it.
local function ask(method, position, more)
  local params = { textDocument = vim.lsp.util.make_text_document_params(), position = position }
  for key, value in pairs(more or {}) do
    params[key] = value
  end
  for _, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/" .. method, params, 20000) or {}) do
    return answer.result
  end
end
vim.cmd("edit " .. dir .. "/format/Dockerfile")
wait("findings", function() return #vim.diagnostic.get(0) > 0 end)
if not vim.inspect(ask("completion", { line = 0, character = 12 })):find("python:3.13-slim", 1, true) then
  fail("no image is proposed")
end
if not vim.inspect(ask("signatureHelp", { line = 1, character = 4 })):find("RUN [--flag=value] command", 1, true) then
  fail("no signature")
end
if #(ask("documentHighlight", { line = 4, character = 13 }) or {}) ~= 3 then
  fail("no highlights")
end
vim.bo.expandtab, vim.bo.shiftwidth = true, 4
vim.lsp.buf.formatting_sync({}, 20000)

-- Going to the stage, who uses it, the outline, and a new name, as keys do it.
local function quickfix(what, count, ask_for)
  vim.fn.setqflist({}, "r")
  vim.fn.setloclist(0, {}, "r")
  ask_for()
  wait(what, function() return #vim.fn.getqflist() + #vim.fn.getloclist(0) == count end)
  vim.cmd("cclose | lclose")
end
vim.api.nvim_win_set_cursor(0, { 5, 13 })
quickfix("incoming calls", 2, vim.lsp.buf.incoming_calls)
vim.api.nvim_win_set_cursor(0, { 5, 13 })
quickfix("references", 3, function() vim.lsp.buf.references({ includeDeclaration = true }) end)
quickfix("the outline", 3, vim.lsp.buf.document_symbol)
vim.api.nvim_win_set_cursor(0, { 5, 13 })
vim.lsp.buf.definition()
wait("the definition", function() return vim.api.nvim_win_get_cursor(0)[1] == 1 end)
vim.lsp.buf.rename("runtime")
wait("the new name", function() return vim.fn.getline(5):find("--from=runtime", 1, true) ~= nil end)
vim.cmd("write")

io.stdout:write("ok\n")
vim.cmd("qall!")
