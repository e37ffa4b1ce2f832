;;; emacs.el --- Drives Emacs with Eglot: emacs --batch -l emacs.el  -*- lexical-binding: t -*-
;; PYLINT_DOCKER is the program, WORKDIR a folder with Dockerfile and fixall/Dockerfile. Prints "ok" and exits with 0, or
;; says what went wrong and exits with 1.

(require 'package)
(package-initialize)
(require 'eglot)
(require 'flymake)

(setq eglot-sync-connect 20
      eglot-autoshutdown nil
      eglot-confirm-server-initiated-edits nil
      make-backup-files nil
      create-lockfiles nil)

;; A mode for Emacs without dockerfile-mode, as docs/editors.md gives it.
(define-derived-mode dockerfile-plain-mode prog-mode "Dockerfile"
  (setq-local comment-start "# "))
(put 'dockerfile-plain-mode 'eglot-language-id "dockerfile")
(add-to-list 'auto-mode-alist '("Dockerfile\\(\\..*\\)?\\'" . dockerfile-plain-mode))
(add-to-list 'eglot-server-programs
             (cons 'dockerfile-plain-mode (list (getenv "PYLINT_DOCKER") "lsp")))

(defun test-wait (what condition)
  "Wait until CONDITION holds, which is WHAT."
  (let ((deadline (+ (float-time) 20)))
    (while (not (funcall condition))
      (when (> (float-time) deadline)
        (error "Waited in vain for %s" what))
      (accept-process-output nil 0.05))))

(defun test-finding (code)
  "The Flymake diagnostic whose text has CODE."
  (seq-find (lambda (d) (string-match-p (regexp-quote code) (flymake-diagnostic-text d)))
            (flymake-diagnostics)))

(defun test-open (file)
  "Open FILE and wait for its findings."
  (find-file file)
  (unless (eglot-managed-p)
    (eglot-ensure)
    (run-hooks 'post-command-hook)
    (test-wait "the connection" #'eglot-managed-p))
  (flymake-mode 1)
  (flymake-start)
  (test-wait "PLD205" (lambda () (flymake-start) (test-finding "PLD205"))))

(defun test-save ()
  "Wait until the finding is gone, and save."
  ;; Eglot sends changes when Emacs is idle, which it never is in a batch.
  (eglot--signal-textDocument/didChange)
  (test-wait "PLD205 to go" (lambda () (flymake-start) (not (test-finding "PLD205"))))
  (save-buffer))

(defun test-quick-fix (title)
  "Apply the quick fix whose title has TITLE, as the menu of `eglot-code-actions' does."
  (let* ((diagnostic (test-finding "PLD205"))
         (actions (eglot-code-actions (flymake-diagnostic-beg diagnostic) (flymake-diagnostic-end diagnostic) "quickfix" nil))
         (action (seq-find (lambda (a) (string-match-p (regexp-quote title) (plist-get a :title))) actions)))
    (unless action
      (error "No action %s in %S" title actions))
    ;; Newer versions want to know who asks.
    (if (> (car (func-arity #'eglot--apply-workspace-edit)) 1)
        (eglot--apply-workspace-edit (plist-get action :edit) 'eglot-code-actions)
      (eglot--apply-workspace-edit (plist-get action :edit)))
    (test-save)))

(defun test-fix-all ()
  "Apply all safe fixes, as editors/emacs/README.md says."
  (eglot-code-actions (point-min) (point-max) "source.fixAll.pylint-docker" t)
  (test-save))

(defun test-format ()
  "Format, look at the outline and the hover, and rename a stage, as keys do it."
  (setq-local indent-tabs-mode nil tab-width 4)
  (eglot-format-buffer)
  (eglot--signal-textDocument/didChange) ; see test-save
  (let ((names (format "%S" (funcall imenu-create-index-function))))
    (unless (string-match-p "base" names)
      (error "No outline: %s" names)))
  (goto-char (point-min))
  (search-forward "--from=ba")
  (unless (= 3 (length (xref-backend-references 'eglot (xref-backend-identifier-at-point 'eglot))))
    (error "References: %S" (xref-backend-references 'eglot (xref-backend-identifier-at-point 'eglot))))
  (let ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams))))
    (unless (string-match-p "stage" (format "%S" hover))
      (error "No hover: %S" hover)))
  (eglot-rename "runtime")
  (save-buffer))

(condition-case err
    (let ((dir (file-name-as-directory (getenv "WORKDIR"))))
      (test-open (concat dir "Dockerfile"))
      (test-quick-fix "--no-cache-dir")
      (test-open (concat dir "fixall/Dockerfile"))
      (test-fix-all)
      (find-file (concat dir "format/Dockerfile"))
      (eglot-ensure)
      (run-hooks 'post-command-hook)
      (test-wait "the connection" #'eglot-managed-p)
      (test-format)
      (princ "ok\n")
      (kill-emacs 0))
  (error
   (princ (format "%S\n" err) #'external-debugging-output)
   (kill-emacs 1)))
